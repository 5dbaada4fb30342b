/** What is signed, by whom, and how trust moves from one key to the next: shapes alone, no cryptography. */
import * as v from './schema.ts'
import { canonicalJson } from './canonical-json.ts'
import { whole } from './numbers.ts'

/** An Ed25519 public key as a shop pins it: `ed25519:` and 64 lower-case hex digits. */
export const TRUSTED_KEY: RegExp = /^ed25519:[0-9a-f]{64}$/u

/** A signature over {@link signedText}. Hex has one spelling for one value, so nothing of it can be bent unseen. */
export interface Signature {
  /** The public key, as {@link TRUSTED_KEY} has it. */
  key: string
  /** 128 lower-case hex digits. */
  signature: string
}

/** Who may sign from now on, said by a key that might before: a shop changes keys without changing its pages. */
export interface KeySet {
  kind: 'key-set'
  /** From 1 on; a device takes only a version above the one it knows. */
  version: number
  keys: string[]
  signatures: Signature[]
}

const MAX_KEYS = 8

const key = v.pipe(v.string, v.regex(TRUSTED_KEY))

/** One signature a key. */
export const signatures: v.Schema<Signature[]> = v.pipe(
  v.array(v.strictObject({ key, signature: v.pipe(v.string, v.regex(/^[0-9a-f]{128}$/u)) })),
  v.minLength(1),
  v.maxLength(MAX_KEYS),
)

export const keySet: v.Schema<KeySet> = v.strictObject({
  kind: v.oneOf(['key-set']),
  version: whole(1, 2 ** 31),
  keys: v.pipe(v.array(key), v.minLength(1), v.maxLength(MAX_KEYS)),
  signatures,
})

/** The text that signatures cover: canonical JSON of everything but the signatures themselves. */
export function signedText(statement: object): string {
  return canonicalJson({ ...statement, signatures: undefined })
}
