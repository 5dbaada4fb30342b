/** What a page can say of its shopper's events. */
import type { StorageStatus } from '../storage/database.ts'
import type { Consent } from './consent-source.ts'
import type { LogCounts, Refusal, SetAside } from './log.ts'

/** What became of the events that this page offered: `offered = stored + invalid + withoutConsent + failed`. */
export interface PageCounts {
  offered: number
  /** Durable when `track()` resolved. */
  stored: number
  /** They did not parse. */
  invalid: number
  /** They came without consent, or while it was withdrawn. */
  withoutConsent: number
  /** Storage broke in a way that memory could not stand in for. */
  failed: number
}

/** What is known of a shopper, in numbers. */
export interface ShopperStatus {
  consent: Consent
  storage: StorageStatus
  counts: LogCounts
  page: PageCounts
  refusal: Refusal | undefined
  setAside: readonly SetAside[]
  bytesSent: number
}
