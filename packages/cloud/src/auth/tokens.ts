/**
 * Device tokens: short-lived, and of use only to whoever holds the device's private key.
 *
 * A device asks once with its publishable key and a proof, which binds its id to its key for ever; then it signs each
 * request. What stands in a page's source is no longer enough to write in a device's name.
 */
import { SignJWT, base64url, errors, jwtVerify } from 'jose'
import { VitrineError } from '@vitrine/contracts'
import type { KeyRecord, Store } from '../stores/store.ts'
import { verifyProof } from './proof.ts'

/** What a token of ours says; worth nothing without a proof by the key that it names. */
export interface DeviceToken {
  device: string
  /** Id of the publishable key with which the device asked. */
  keyId: string
  /** Of the device's own key, RFC 7638. */
  thumbprint: string
}

/** Issues and checks tokens. */
export interface Tokens {
  /**
   * Answers a device's request for a token.
   *
   * @throws `VitrineError('TOKEN_INVALID')` when the proof is none, `PROOF_REPLAYED` when it was used,
   * `FORBIDDEN` when the device is bound to another key, `DEVICE_ERASED`.
   */
  issue(request: Request, key: KeyRecord, device: string): Promise<{ token: string; expiresAt: number }>
  /**
   * Reads a token that came as `Authorization: DPoP …`: one HMAC, nothing is written.
   *
   * @throws `VitrineError('TOKEN_REQUIRED')` when it is past its time, `TOKEN_INVALID` when it is none of ours.
   */
  read(token: string): Promise<DeviceToken>
  /**
   * Checks that whoever sends the request holds the token's key, and uses the proof up.
   *
   * @throws `VitrineError('TOKEN_REQUIRED')` when the proof is past its time, `TOKEN_INVALID`, `PROOF_REPLAYED`.
   */
  prove(request: Request, token: string, says: DeviceToken): Promise<void>
}

const LIFETIME_MS = 15 * 60_000
/** A proof is good for so long before and after the endpoint's present time; remembered for twice as long. */
const PROOF_WINDOW_MS = 60_000
const ALGORITHM = 'HS256'
const AUDIENCE = 'vitrine'
const SECRET_BYTES = 32

/** All replicas share the secret that signs tokens: it lies in the store. */
export function createTokens(store: Store, { clock }: { clock: () => number }): Tokens {
  let secret: Promise<Uint8Array> | undefined

  function sharedSecret(): Promise<Uint8Array> {
    secret ??= loadSecret(store)
    secret.catch(() => {
      // The next request tries again.
      secret = undefined
    })
    return secret
  }

  async function useOnce(id: string): Promise<void> {
    const now = clock()
    if (await store.useProof(id, { expiresAt: now + 2 * PROOF_WINDOW_MS, now })) return
    throw new VitrineError('PROOF_REPLAYED', 'this proof of possession was used before; sign a new one')
  }

  async function issue(
    request: Request,
    key: KeyRecord,
    device: string,
  ): Promise<{ token: string; expiresAt: number }> {
    // However old: the token is bound to the key that signed, so an old proof is worth nothing to anybody else.
    // The device learns the right time from the answer.
    const proof = await verifyProof(request)
    await useOnce(proof.id)
    const now = clock()
    const bound = await store.bindDevice(key.tenant, device, proof.thumbprint, now)
    if (bound !== proof.thumbprint) {
      throw new VitrineError(
        'FORBIDDEN',
        'this device id belongs to another key; a device that lost its key starts with a new id',
      )
    }
    const expiresAt = now + LIFETIME_MS
    const token = await new SignJWT({ cnf: { jkt: proof.thumbprint }, kid: key.id })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt' })
      .setSubject(device)
      .setAudience(AUDIENCE)
      .setExpirationTime(Math.floor(expiresAt / 1000))
      .sign(await sharedSecret())
    return { token, expiresAt }
  }

  async function read(token: string): Promise<DeviceToken> {
    return open(token, await sharedSecret(), clock())
  }

  async function prove(request: Request, token: string, { thumbprint }: DeviceToken): Promise<void> {
    const now = clock()
    const proof = await verifyProof(request, token)
    if (proof.thumbprint !== thumbprint) throw invalid('it belongs to another key than the proof')
    if (Math.abs(proof.madeAt - now) > PROOF_WINDOW_MS) {
      throw new VitrineError(
        'TOKEN_REQUIRED',
        `the proof was made more than ${PROOF_WINDOW_MS / 1000} s from now; go by the time of the endpoint's answers`,
      )
    }
    await useOnce(proof.id)
  }

  return { issue, read, prove }
}

async function loadSecret(store: Store): Promise<Uint8Array> {
  const fresh = base64url.encode(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
  return base64url.decode(await store.secret('tokens', fresh))
}

async function open(token: string, secret: Uint8Array, now: number): Promise<DeviceToken> {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: [ALGORITHM],
      typ: 'at+jwt',
      audience: AUDIENCE,
      requiredClaims: ['sub', 'exp', 'cnf', 'kid'],
      currentDate: new Date(now),
    })
    const { jkt } = payload['cnf'] as { jkt: string }
    return { device: payload.sub!, keyId: payload['kid'] as string, thumbprint: jkt }
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw new VitrineError('TOKEN_REQUIRED', 'the device token has expired; ask for another', {
        cause: error,
      })
    }
    if (error instanceof errors.JOSEError) throw invalid('the endpoint did not issue it', error)
    throw error
  }
}

function invalid(why: string, cause?: unknown): VitrineError {
  return new VitrineError('TOKEN_INVALID', `the device token is refused: ${why}; ask for another`, { cause })
}
