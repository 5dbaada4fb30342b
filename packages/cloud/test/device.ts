/** A device that proves who it is: keys, proofs and tokens as a browser makes them, and as a forger does. */
import { type JWK, SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { parseTokenAnswer } from '@vitrine/contracts'
import { sha256Base64Url } from '../src/sha256.ts'
import { randomIdOf } from './batches.ts'
import type { Endpoint } from './endpoint.ts'

const HOST = 'http://edge.test'

/** What a proof says, beside what it must. */
export interface ProofClaims {
  method?: string
  path?: string
  token?: string
  /** Unix ms. */
  at?: number
  id?: string
}

/** A device that has a key of its own. */
export interface TestDevice {
  id: string
  jwk: JWK
  privateKey: CryptoKey
  thumbprint: string
  proof(claims?: ProofClaims): Promise<string>
  askForToken(endpoint: Endpoint, key: string): Promise<Response>
  token(endpoint: Endpoint, key: string): Promise<string>
  /** Headers of a request that carries the token and a fresh proof. */
  signed(token: string, claims?: ProofClaims): Promise<Record<string, string>>
}

/** Makes one. */
export async function createTestDevice(seed: number): Promise<TestDevice> {
  const device = randomIdOf(seed)
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)

  async function proof({
    method = 'POST',
    path = '/v1/events',
    token,
    at = Date.now(),
    id = crypto.randomUUID(),
  }: ProofClaims = {}): Promise<string> {
    return new SignJWT({
      jti: id,
      htm: method,
      htu: HOST + path,
      iat: Math.floor(at / 1000),
      ...(token !== undefined && { ath: await sha256Base64Url(token) }),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(privateKey)
  }

  async function askForToken(endpoint: Endpoint, key: string): Promise<Response> {
    const headers = { DPoP: await proof({ path: '/v1/tokens' }) }
    return endpoint.ask('/v1/tokens', { method: 'POST', key, json: { device }, headers })
  }

  return {
    id: device,
    jwk,
    privateKey,
    thumbprint: await calculateJwkThumbprint(jwk, 'sha256'),
    proof,
    askForToken,
    token: async (endpoint, key) => parseTokenAnswer(await (await askForToken(endpoint, key)).json()).token,
    signed: async (token, claims) => ({
      Authorization: `DPoP ${token}`,
      DPoP: await proof({ token, ...claims }),
    }),
  }
}
