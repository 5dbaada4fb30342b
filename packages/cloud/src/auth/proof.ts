/**
 * Proofs of possession: what a device signs for every request, by RFC 9449 (DPoP).
 * https://www.rfc-editor.org/rfc/rfc9449
 */
import { EmbeddedJWK, type JWK, calculateJwkThumbprint, errors, jwtVerify } from 'jose'
import { VitrineError } from '@vitrine/contracts'
import { sha256Base64Url } from '../sha256.ts'

/** A proof whose signature and address are right; whether it was used before, the store has to say. */
export interface Proof {
  /** RFC 7638 thumbprint of the device's public key. */
  thumbprint: string
  /** Unique to the proof. */
  id: string
  /** Unix ms at which the device says that it was made. */
  madeAt: number
}

const ALGORITHM = 'ES256'
const MAX_LENGTH = 2000
const ID = /^[\w-]{16,64}$/u

/**
 * Verifies the `DPoP` header of a request.
 *
 * The address is compared without its scheme: where TLS ends in front of the endpoint, it sees http. Whoever stands
 * in front has to pass the Host header on.
 *
 * @param token - the token that the proof must name by its hash; missing for the request of a token itself
 * @throws `VitrineError('TOKEN_INVALID')` for anything that is not a proof for this very request.
 */
export async function verifyProof(request: Request, token?: string): Promise<Proof> {
  const text = request.headers.get('dpop')
  if (text === null || text.length > MAX_LENGTH) throw refused('there is no proof of possession')
  try {
    const { payload, protectedHeader } = await jwtVerify(text, EmbeddedJWK, {
      // The device's claim is not asked which algorithm to use: `none` and HMAC with a public key are no signatures.
      algorithms: [ALGORITHM],
      typ: 'dpop+jwt',
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      // A device's clock may be off by years; freshness is judged by the caller.
      currentDate: new Date(0),
    })
    const { jti, htm, htu, iat, ath } = payload
    if (typeof jti !== 'string' || !ID.test(jti)) throw refused('its id is not 16 to 64 letters and digits')
    if (htm !== request.method || !isAddressOf(request, htu)) throw refused('it is for another request')
    if (token !== undefined && ath !== (await sha256Base64Url(token)))
      throw refused('it is for another token')
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk as JWK, 'sha256')
    return { thumbprint, id: `${thumbprint}.${jti}`, madeAt: iat! * 1000 }
  } catch (error) {
    if (error instanceof VitrineError) throw error
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException) {
      throw refused('it is not a signature by the key that it names', error)
    }
    throw error
  }
}

function isAddressOf(request: Request, htu: unknown): boolean {
  if (typeof htu !== 'string' || !URL.canParse(htu)) return false
  const [said, actual] = [new URL(htu), new URL(request.url)]
  return said.host === actual.host && said.pathname === actual.pathname
}

function refused(why: string, cause?: unknown): VitrineError {
  return new VitrineError('TOKEN_INVALID', `the proof of possession is refused: ${why}; sign a new one`, {
    cause,
  })
}
