/** The shopper's answer to the consent banner. A refusal is remembered for this visit only: it leaves nothing behind. */
import { type Signal, signal } from '@preact/signals'
import type { Consent, ConsentSource } from '@vitrine/sdk'
import { type KeyValueStorage, lasting, passing } from './storage.ts'

const KEY = 'shop-consent'

/** The answer; undefined until the shopper gives one, and then the SDK hears `denied`. */
export const consent: Signal<Consent | undefined> = signal(undefined)

/** Reads the answer of an earlier visit. */
export function restoreConsent(): void {
  const stored = lasting().getItem(KEY) ?? passing().getItem(KEY)
  if (stored === 'granted' || stored === 'denied') consent.value = stored
}

/** Records an answer, or a change of mind. */
export function answerConsent(answer: Consent): void {
  lasting().removeItem(KEY)
  passing().removeItem(KEY)
  storageUnder(answer).setItem(KEY, answer)
  consent.value = answer
}

/** Where the shop itself may keep things: beyond this visit only with consent. */
export function storageUnder(answer: Consent | undefined): KeyValueStorage {
  return answer === 'granted' ? lasting() : passing()
}

/** The banner as the SDK listens to it. */
export const consentSource: ConsentSource = {
  get: () => consent.value ?? 'denied',
  subscribe: (listener) => consent.subscribe((answer) => listener(answer ?? 'denied')),
}
