/** Checks Ed25519 signatures: by the browser's own cryptography, or by a file that is loaded where it has none. */
import { type Signature, VitrineError, signedText } from '@vitrine/contracts'

/** True when `signature` of `message` is by the owner of `key`: 64 bytes, any bytes, 32 bytes. */
export type VerifyEd25519 = (signature: Bytes, message: Bytes, key: Bytes) => Promise<boolean>

/** Whether one of `keys` signed `statement`, and which; undefined where none did. */
export type FindSigner = (
  statement: { signatures?: Signature[] },
  keys: readonly string[],
) => Promise<string | undefined>

type Bytes = Uint8Array<ArrayBuffer>

/** What {@link createFindSigner} takes from its surroundings. */
export interface SignatureOptions {
  subtle: SubtleCrypto | undefined
  /** Loads what checks signatures where the browser's `subtle` knows no Ed25519. */
  loadEd25519: () => Promise<VerifyEd25519>
}

/** Returns a function that looks for a good signature; what it needs is found out at its first use. */
export function createFindSigner({ subtle, loadEd25519 }: SignatureOptions): FindSigner {
  let verify: Promise<VerifyEd25519> | undefined
  return async (statement, keys) => {
    const message = new TextEncoder().encode(signedText(statement))
    for (const { key, signature } of statement.signatures ?? []) {
      if (!keys.includes(key)) continue
      verify ??= chooseVerify(subtle, bytesOf(key), loadEd25519)
      verify.catch(() => (verify = undefined)) // The file may come another time.
      if (await (await verify)(bytesOf(signature), message, bytesOf(key))) return key
    }
    return undefined
  }
}

async function chooseVerify(
  subtle: SubtleCrypto | undefined,
  key: Bytes,
  loadEd25519: () => Promise<VerifyEd25519>,
): Promise<VerifyEd25519> {
  try {
    // Chromium before 137, Firefox before 129 and Safari before 17 do not know the name.
    if (subtle && (await importKey(subtle, key))) return byBrowser(subtle)
  } catch {
    // However a browser words it: it cannot.
  }
  try {
    return await loadEd25519()
  } catch (cause) {
    throw new VitrineError(
      'MODEL_UNSUPPORTED',
      'the model’s signature cannot be checked: the browser knows no Ed25519, and ed25519.js did not load; serve it beside worker.js',
      { cause },
    )
  }
}

function byBrowser(subtle: SubtleCrypto): VerifyEd25519 {
  return async (signature, message, key) =>
    subtle.verify('Ed25519', await importKey(subtle, key), signature, message)
}

function importKey(subtle: SubtleCrypto, key: Bytes): Promise<CryptoKey> {
  return subtle.importKey('raw', key, 'Ed25519', false, ['verify'])
}

/** The bytes of a key or a signature; parsed before, so all digits are there. */
function bytesOf(text: string): Bytes {
  const digits = text.slice(text.indexOf(':') + 1)
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  )
}
