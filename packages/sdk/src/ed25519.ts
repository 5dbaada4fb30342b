/** Entry of the file with Ed25519 for browsers whose own cryptography lacks it; the network file imports it there. */
import { verifyAsync } from '@noble/ed25519'

export { VERSION } from './version.ts'

/** True when `signature` (64 bytes) of `message` is by the owner of `key` (32 bytes), as RFC 8032 has it. */
export async function verifyEd25519(
  signature: Uint8Array,
  message: Uint8Array,
  key: Uint8Array,
): Promise<boolean> {
  // Not the laxer rules of ZIP 215: what a browser's own check refuses is refused here.
  return verifyAsync(signature, message, key, { zip215: false })
}
