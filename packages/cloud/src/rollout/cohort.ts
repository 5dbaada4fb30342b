/** Which devices get a candidate: a share of them, chosen by hash, the same at every replica and every time. */
import { sha256Hex } from '../sha256.ts'
import type { Rollout } from '../stores/store.ts'
import { activeOf } from './change.ts'

/** Hexadecimal digits of the hash that count: 48 bits, whole numbers for a float64. */
const DIGITS = 12

/**
 * Where a device stands in the queue for a revision, 0 to 1 (excluded). A device that is within one share is within
 * every larger one; who goes first is drawn anew with each revision.
 */
export async function placeOf(device: string, revision: string): Promise<number> {
  const hash = await sha256Hex(`${revision} ${device}`)
  return Number.parseInt(hash.slice(0, DIGITS), 16) / 16 ** DIGITS
}

/** Returns the revision that a device gets; without a device, the one that nearly all get. */
export async function revisionFor(rollout: Rollout, device: string | undefined): Promise<string> {
  const { stable, candidate, share, haltedAt } = rollout
  if (device === undefined || candidate === undefined || haltedAt !== undefined || share === 1) {
    return activeOf(rollout)
  }
  return (await placeOf(device, candidate)) < share ? candidate : stable
}
