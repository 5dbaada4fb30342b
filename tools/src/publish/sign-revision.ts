/** Turns a trained manifest into a signed one: version, floor, expiry, key sets, signature. */
import type { Manifest } from '@vitrine/contracts'
import { type SigningKeys, sign } from './signing-keys.ts'

/** How to sign. */
export interface SignOptions {
  keys: SigningKeys
  /** Unix ms. */
  now: number
  /** Days until devices take no new download of this revision. */
  expiresInDays: number
  /** The manifest that devices follow at present. */
  active?: Manifest | undefined
  /** The lowest version that devices may go back to; that of `active` where missing. */
  floor?: number | undefined
  /** Gives the revision a name of its own although its artifacts were published before. */
  renew?: boolean | undefined
}

const DAY_MS = 24 * 60 * 60 * 1000

/**
 * Returns the signed manifest. One that is active already, signed by the newest key and not past half of its time,
 * is returned as it is, so that publishing again changes nothing; else its artifacts get a name of their own, as a
 * manifest never changes under its name.
 */
export function signRevision(
  trained: Manifest,
  { keys, now, expiresInDays, active, floor, renew = false }: SignOptions,
): Manifest {
  const isActive = active !== undefined && sameArtifacts(active, trained)
  if (isActive && !renew && isFresh(active, keys, now + (expiresInDays * DAY_MS) / 2)) return active
  // After the active one, also where the clock that signed that one was ahead.
  const version = Math.max(Math.floor(now / 1000), (active?.version ?? 0) + 1)
  const unsigned: Manifest = {
    ...trained,
    revision: isActive || renew ? `${trained.revision}.${version}` : trained.revision,
    expiresAt: new Date(now + expiresInDays * DAY_MS).toISOString(),
    version,
    floor: Math.min(version, floor ?? active?.version ?? version),
    ...(keys.keySets.length > 0 && { keySets: keys.keySets }),
  }
  return { ...unsigned, signatures: [sign(unsigned, keys)] }
}

function sameArtifacts(a: Manifest, b: Manifest): boolean {
  return contentOf(a) === contentOf(b)
}

function contentOf({ artifacts }: Manifest): string {
  return artifacts.map(({ role, sha256 }) => `${role} ${sha256}`).join()
}

/** True for a manifest of the newest key that does not expire before `until`. */
function isFresh({ signatures, expiresAt }: Manifest, { keys }: SigningKeys, until: number): boolean {
  const isOurs = signatures?.some(({ key }) => key === keys.at(-1)?.key) ?? false
  return isOurs && expiresAt !== undefined && Date.parse(expiresAt) > until
}
