/** The keys that sign a shop's revisions, and the statements by which one follows another. */
import {
  type KeyObject,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
} from 'node:crypto'
import { type KeySet, type Signature, TRUSTED_KEY, VitrineError, signedText } from '@vitrine/contracts'

/** A key pair. */
interface SigningKey {
  /** Public, as pages pin it: `ed25519:…`. */
  key: string
  /** PKCS #8, PEM. */
  private: string
  /** ISO 8601, UTC. */
  createdAt: string
}

/** All of a shop's keys, newest last: what the file of `vitrine keys signing` holds. */
export interface SigningKeys {
  format: 1
  keys: SigningKey[]
  /** Statements on the way from the first key to those that are trusted now; they go out with every manifest. */
  keySets: KeySet[]
}

/** Returns a first key. Pages pin it; the private half never leaves the machine that publishes. */
export function createSigningKeys(now: number): SigningKeys {
  return { format: 1, keys: [generateKey(now)], keySets: [] }
}

/** Public keys that devices trust once they know every statement; the newest, which signs, comes first. */
export function trustedKeys({ keys, keySets }: SigningKeys): string[] {
  return keySets.at(-1)?.keys ?? keys.map(({ key }) => key)
}

/**
 * Returns the keys with a new one that signs from now on, and a statement of the key before that says so.
 *
 * @param revoke Whether the keys before are trusted no more: for a key that may be in wrong hands. Otherwise what
 * they signed stays good, so that a rollback to an earlier revision works.
 */
export function rotateSigningKeys(
  keys: SigningKeys,
  { revoke, now }: { revoke: boolean; now: number },
): SigningKeys {
  const added = generateKey(now)
  const statement = {
    kind: 'key-set' as const,
    version: (keys.keySets.at(-1)?.version ?? 0) + 1,
    keys: [added.key, ...(revoke ? [] : trustedKeys(keys).slice(0, MAX_TRUSTED - 1))],
  }
  const signatures = [sign(statement, keys)]
  return {
    format: 1,
    keys: [...keys.keys, added],
    keySets: [...keys.keySets, { ...statement, signatures }].slice(-MAX_KEY_SETS),
  }
}

/** Returns the signature of `statement` by the newest key; Ed25519 gives the same one every time. */
export function sign(statement: object, { keys }: SigningKeys): Signature {
  const { key, private: pem } = keys.at(-1)!
  return {
    key,
    signature: signBytes(null, Buffer.from(signedText(statement)), createPrivateKey(pem)).toString('hex'),
  }
}

/** @throws `VitrineError('INPUT_UNREADABLE')` when `text` is no file of signing keys. */
export function parseSigningKeys(text: string, file: string): SigningKeys {
  try {
    const parsed = JSON.parse(text) as SigningKeys
    const isWhole =
      parsed.format === 1 &&
      parsed.keys.length > 0 &&
      Array.isArray(parsed.keySets) &&
      parsed.keys.every(
        ({ key, private: pem }) =>
          TRUSTED_KEY.test(key) && publicKeyOf(createPublicKey(createPrivateKey(pem))) === key,
      )
    if (isWhole) return parsed
  } catch (cause) {
    throw unreadable(file, cause)
  }
  throw unreadable(file)
}

/** What manifest and key set allow (`@vitrine/contracts`). */
const MAX_TRUSTED = 8
const MAX_KEY_SETS = 32

function generateKey(now: number): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    key: publicKeyOf(publicKey),
    private: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    createdAt: new Date(now).toISOString(),
  }
}

function publicKeyOf(key: KeyObject): string {
  return `ed25519:${Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url').toString('hex')}`
}

function unreadable(file: string, cause?: unknown): VitrineError {
  return new VitrineError(
    'INPUT_UNREADABLE',
    `${file} is no file of signing keys: give the one that \`vitrine keys signing create\` wrote.`,
    { cause },
  )
}
