/** SHA-256 as text, by WebCrypto. */
import { base64url } from 'jose'

/** Returns the lower-case hex SHA-256 of text (as UTF-8) or bytes. */
export async function sha256Hex(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await digestOf(typeof content === 'string' ? new TextEncoder().encode(content) : content)
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Returns the base64url SHA-256 of text (as UTF-8). */
export async function sha256Base64Url(text: string): Promise<string> {
  return base64url.encode(await digestOf(new TextEncoder().encode(text)))
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}
