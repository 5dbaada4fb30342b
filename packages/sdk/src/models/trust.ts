/** Whom a device believes, and how old or new a revision may be: after the client workflow of The Update Framework. */
import { type KeySet, type Manifest, VitrineError } from '@vitrine/contracts'
import type { FindSigner } from './signature.ts'

/** What a page pins. Without keys anything that the endpoint serves is believed. */
export interface Pins {
  trustedKeys: readonly string[]
  /** No revision below this version runs, whatever was signed. */
  floor: number
}

/** Anything that the endpoint serves may run. */
export const NO_PINS: Pins = { trustedKeys: [], floor: 0 }

/** What a device remembers of whom it believes. */
export interface Trust {
  /** The keys that the page pinned when this began; with other pins it begins anew. */
  pinned: readonly string[]
  /** Version of the newest key set; 0 while it is the pinned keys themselves. */
  keySet: number
  keys: readonly string[]
  /** The lowest version to go back to, and the key that signed so. */
  floor: number
  floorBy?: string
}

/** Who vouches for a revision. */
export interface TrustStatus {
  /** Version of the revision in use; null where it is unsigned. */
  version: number | null
  /** True when the revision in use is past its time: no newer one came. */
  isExpired: boolean
  /** The trusted key that signed the revision in use; null where the page pins none, so that anything runs. */
  signer: string | null
  /** How many keys the page pins, and the version of the key set that grew from them. */
  pinned: number
  keySet: number
  /** The lowest version that this device goes back to. */
  floor: number
}

/** A revision further ahead of the clock than this would shut out all that come after it. */
const MAX_AHEAD_S = 366 * 24 * 60 * 60

/** Returns what is remembered, if it grew from the same pins; what a page pins anew counts from now on. */
export function recall(stored: Trust | undefined, { trustedKeys: pinned }: Pins): Trust {
  if (stored && String(stored.pinned) === String(pinned)) return stored
  return { pinned: [...pinned], keySet: 0, keys: [...pinned], floor: 0 }
}

/**
 * Returns the trust that `keySets` lead to: each is believed when a key of the one before signed it. What does not
 * follow is passed over, as a page may have pinned a later one. The floor falls with the key that had raised it, so
 * that a thief's revision from the future ends with the thief's key.
 */
export async function followKeySets(
  trust: Trust,
  keySets: readonly KeySet[],
  findSigner: FindSigner,
): Promise<Trust> {
  let followed = trust
  for (const keySet of keySets) {
    if (keySet.version <= followed.keySet) continue
    if ((await findSigner(keySet, followed.keys)) === undefined) continue
    const { pinned, floor, floorBy } = followed
    const keepsFloor = floorBy === undefined || keySet.keys.includes(floorBy)
    followed = {
      pinned,
      keySet: keySet.version,
      keys: keySet.keys,
      floor: keepsFloor ? floor : 0,
      ...(keepsFloor && floorBy !== undefined && { floorBy }),
    }
  }
  return followed
}

/**
 * Returns the key that signed `manifest`, once its version is one that this device may take.
 *
 * @param now Unix ms
 * @throws `VitrineError` `SIGNATURE_INVALID`, `REVISION_TOO_OLD`, `REVISION_TOO_NEW`.
 */
export async function assertTrusted(
  manifest: Manifest,
  trust: Trust,
  { pins, now, findSigner }: { pins: Pins; now: number; findSigner: FindSigner },
): Promise<string> {
  const { revision, version } = manifest
  const key = await findSigner(manifest, trust.keys)
  if (key === undefined || version === undefined) {
    throw new VitrineError(
      'SIGNATURE_INVALID',
      `revision ${revision} is not signed by a key that this page trusts; publish it with --signing-key, and pin that key in trustedKeys`,
    )
  }
  const floor = Math.max(trust.floor, pins.floor)
  if (version < floor) {
    throw new VitrineError(
      'REVISION_TOO_OLD',
      `revision ${revision} has version ${version}, and this device goes back to ${floor} at most; publish it anew to go further back`,
    )
  }
  const newest = Math.floor(now / 1000) + MAX_AHEAD_S
  if (version > newest) {
    throw new VitrineError(
      'REVISION_TOO_NEW',
      `revision ${revision} has version ${version}, more than a year ahead of this device's clock; check that clock and the one that signed`,
    )
  }
  return key
}

/** Returns the trust after `manifest`, signed by `key`, came into use: its floor holds from now on. */
export function raiseFloor(trust: Trust, { floor = 0 }: Manifest, key: string): Trust {
  return floor > trust.floor ? { ...trust, floor, floorBy: key } : trust
}

/** True when a stored revision may still run: signed by a key that is pinned or trusted, and not below the page's floor. */
export function mayRun(
  { manifest, signer }: { manifest: Manifest; signer?: string | undefined },
  trust: Trust,
  pins: Pins,
): boolean {
  const { trustedKeys, floor } = pins
  if (trustedKeys.length === 0) return true
  return [...trustedKeys, ...trust.keys].some((key) => key === signer) && (manifest.version ?? 0) >= floor
}
