/** The model as diagnostics show it: what runs, who vouches for it, and what was refused. */
import type { ErrorCode, Manifest } from '@vitrine/contracts'
import type { StorageStatus } from '../storage/database.ts'
import { type ModelState, type Rejection, isExpired, sizeOf } from './store.ts'
import { type Pins, type TrustStatus, recall } from './trust.ts'
import type { DownloadCounts } from './download.ts'

/** The model as diagnostics show it. */
export interface ModelStatus {
  revision: string | null
  previous: string | null
  /** Where the revision in use came from in this page's life. */
  origin: 'storage' | 'network' | null
  /** Bytes of the artifacts of the revision in use. */
  bytes: number
  downloads: DownloadCounts
  /** How often a revision was refused in this page's life, by code. */
  refused: Partial<Record<ErrorCode, number>>
  /** The revision that this device does not try again by itself. */
  rejected: Rejection | null
  /** Who vouches for the revision in use. */
  trust: TrustStatus
  storage: StorageStatus
}

/** Returns what the store and the revision in use say. @param now Unix ms */
export function describe(
  inUse: Manifest | undefined,
  { active, previous, trust, rejected }: ModelState,
  { pins, now }: { pins: Pins; now: number },
): Pick<ModelStatus, 'revision' | 'previous' | 'bytes' | 'rejected' | 'trust'> {
  const { keySet, floor } = recall(trust, pins)
  const pointer = [active, previous].find((each) => each?.manifest.revision === inUse?.revision)
  return {
    revision: inUse?.revision ?? null,
    previous: previous?.manifest.revision ?? null,
    bytes: inUse ? sizeOf(inUse) : 0,
    rejected: rejected ?? null,
    trust: {
      version: inUse?.version ?? null,
      isExpired: inUse !== undefined && isExpired(inUse, now),
      signer: pointer?.signer ?? null,
      pinned: pins.trustedKeys.length,
      keySet,
      floor: Math.max(floor, pins.floor),
    },
  }
}
