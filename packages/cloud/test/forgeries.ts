/** What a forger has, and what he makes of it. */
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose'
import type { ErrorCode, EventBatch } from '@vitrine/contracts'
import { expect } from 'vitest'
import { revokeKey } from '../src/auth/keys.ts'
import { batchOf } from './batches.ts'
import { type TestDevice, createTestDevice } from './device.ts'
import { type Ask, type Endpoint, startEndpoint } from './endpoint.ts'

/** What an attempt is made on. */
export interface World {
  endpoint: Endpoint
  /** A publishable key of tenant a that asks for tokens. */
  key: string
  device: TestDevice
  token: string
  /** Sets the endpoint's clock forward. */
  pass: (ms: number) => void
}

/** A part of a JWT. */
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
/** Two events of a device. */
export const batch = (device: TestDevice): { json: EventBatch } => ({
  json: batchOf(1, 2, { device: device.id }),
})

/** A token as the endpoint's own, but for who signed it and how. */
function claimsOf({ device, key }: World): {
  cnf: { jkt: string }
  kid: string
  sub: string
  aud: string
  exp: number
} {
  const exp = Math.floor(Date.now() / 1000) + 600
  return { cnf: { jkt: device.thumbprint }, kid: key.slice(8, 20), sub: device.id, aud: 'vitrine', exp }
}

/** A proof signed by `sign` over what the device would have signed. */
async function forgedProof(
  { device, token }: World,
  header: object,
  sign: (text: string) => Promise<Uint8Array> | Uint8Array,
): Promise<string> {
  const [, payload] = (await device.proof({ token })).split('.')
  const text = `${encode({ typ: 'dpop+jwt', jwk: device.jwk, ...header })}.${payload}`
  return `${text}.${Buffer.from(await sign(text)).toString('base64url')}`
}

/** HMAC-SHA-256 of a text. */
async function hmac(secret: string | Uint8Array, text: string): Promise<Uint8Array> {
  const raw = typeof secret === 'string' ? Buffer.from(secret) : Buffer.from(secret)
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, Buffer.from(text)))
}

/** One line of the matrix; `POST /v1/events` unless it says otherwise. */
export type Attempt = (world: World) => Promise<Ask & { path?: string }>

/** Events under this token, with a good proof. */
const withToken = async (world: World, token: string, fields: object = {}): Promise<Ask> => ({
  ...batch(world.device),
  headers: await world.device.signed(token),
  ...fields,
})
/** Events under the good token, with this proof. */
const withProof = async (world: World, proof: string): Promise<Ask> => ({
  ...batch(world.device),
  headers: { Authorization: `DPoP ${world.token}`, DPoP: proof },
})

/** Tokens and proofs that are none: what is tried, and the code of its refusal. */
export const FORGERIES: [string, ErrorCode, Attempt][] = [
  // Tokens.
  [
    'a key that asks for tokens, without one',
    'TOKEN_REQUIRED',
    async ({ device, key }) => ({ ...batch(device), key }),
  ],
  [
    'an expired token',
    'TOKEN_REQUIRED',
    async (world) => {
      world.pass(16 * 60_000)
      const at = Date.now() + 16 * 60_000
      return { ...batch(world.device), headers: await world.device.signed(world.token, { at }) }
    },
  ],
  [
    'a token with alg none',
    'TOKEN_INVALID',
    async (world) => {
      const { sub, aud, exp, ...rest } = claimsOf(world)
      const token = new UnsecuredJWT(rest).setSubject(sub).setAudience(aud).setExpirationTime(exp).encode()
      return withToken(world, token)
    },
  ],
  [
    'a token with its own header exchanged for alg none',
    'TOKEN_INVALID',
    async (world) => {
      const [, payload] = world.token.split('.')
      return withToken(world, `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`)
    },
  ],
  [
    'a token by HMAC with the device’s public key',
    'TOKEN_INVALID',
    async (world) => {
      const secret = Buffer.from(JSON.stringify(world.device.jwk))
      const token = await new SignJWT(claimsOf(world))
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
        .sign(secret)
      return withToken(world, token)
    },
  ],
  [
    'a token that the device signed itself',
    'TOKEN_INVALID',
    async (world) => {
      const signing = new SignJWT(claimsOf(world)).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      return withToken(world, await signing.sign(world.device.privateKey))
    },
  ],
  [
    'a token with one letter changed',
    'TOKEN_INVALID',
    async (world) => {
      const [header, payload, signature] = world.token.split('.')
      const last = signature!.startsWith('A') ? 'B' : 'A'
      return withToken(world, `${header}.${payload}.${last}${signature!.slice(1)}`)
    },
  ],
  [
    'a token whose payload names another device',
    'TOKEN_INVALID',
    async (world) => {
      const [header, payload, signature] = world.token.split('.')
      const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object
      const other = encode({ ...claims, sub: 'f'.repeat(32) })
      return withToken(world, `${header}.${other}.${signature}`)
    },
  ],
  ['what is no token', 'TOKEN_INVALID', (world) => withToken(world, 'x.y.z')],
  ['a key in the place of a token', 'TOKEN_INVALID', (world) => withToken(world, world.key)],
  [
    'a token of an endpoint with another secret',
    'TOKEN_INVALID',
    async (world) => {
      const other = await startEndpoint()
      const token = await world.device.token(other, other.keys.a)
      await other.stop()
      return withToken(world, token)
    },
  ],
  [
    'a token whose key was revoked',
    'UNAUTHORIZED',
    async (world) => {
      await revokeKey(world.endpoint.store, world.key)
      return withToken(world, world.token)
    },
  ],
  // Proofs.
  [
    'a token without a proof',
    'TOKEN_INVALID',
    async (world) => ({ ...batch(world.device), headers: { Authorization: `DPoP ${world.token}` } }),
  ],
  [
    'a stolen token, proven by another key',
    'TOKEN_INVALID',
    async (world) => {
      const thief = await createTestDevice(666)
      return { ...batch(world.device), headers: await thief.signed(world.token) }
    },
  ],
  [
    'a stolen token as a bearer',
    'UNAUTHORIZED',
    async ({ device, token }) => ({ ...batch(device), headers: { Authorization: `Bearer ${token}` } }),
  ],
  [
    'a proof with alg none',
    'TOKEN_INVALID',
    async (world) => withProof(world, await forgedProof(world, { alg: 'none' }, () => new Uint8Array(0))),
  ],
  [
    'a proof by HMAC with the public key that it names',
    'TOKEN_INVALID',
    async (world) => {
      const proof = await forgedProof(world, { alg: 'HS256' }, (text) =>
        hmac(JSON.stringify(world.device.jwk), text),
      )
      return withProof(world, proof)
    },
  ],
  [
    'a proof by HMAC whose key is in the header',
    'TOKEN_INVALID',
    async (world) => {
      const jwk = { kty: 'oct', k: Buffer.from('secret').toString('base64url') }
      return withProof(world, await forgedProof(world, { alg: 'HS256', jwk }, (text) => hmac('secret', text)))
    },
  ],
  [
    'a proof that names the device’s key and is signed by another',
    'TOKEN_INVALID',
    async (world) => {
      const { privateKey } = await generateKeyPair('ES256')
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
      const sign = async (text: string) =>
        new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, Buffer.from(text)))
      return withProof(world, await forgedProof(world, { alg: 'ES256' }, sign))
    },
  ],
  [
    'a proof whose header gives the private key away',
    'TOKEN_INVALID',
    async (world) => {
      const { privateKey } = await generateKeyPair('ES256', { extractable: true })
      const proof = await forgedProof(
        world,
        { alg: 'ES256', jwk: await exportJWK(privateKey) },
        () => new Uint8Array(64),
      )
      return withProof(world, proof)
    },
  ],
  [
    'a proof for another method',
    'TOKEN_INVALID',
    async (world) => withProof(world, await world.device.proof({ token: world.token, method: 'GET' })),
  ],
  [
    'a proof for another address',
    'TOKEN_INVALID',
    async (world) => withProof(world, await world.device.proof({ token: world.token, path: '/v1/erase' })),
  ],
  [
    'a proof for another token',
    'TOKEN_INVALID',
    async (world) => withProof(world, await world.device.proof({ token: 'another' })),
  ],
  ['a proof for no token', 'TOKEN_INVALID', async (world) => withProof(world, await world.device.proof())],
  [
    'a proof without an id to remember it by',
    'TOKEN_INVALID',
    async (world) => withProof(world, await world.device.proof({ token: world.token, id: 'short' })),
  ],
  [
    'a proof of two minutes ago',
    'TOKEN_REQUIRED',
    async (world) =>
      withProof(world, await world.device.proof({ token: world.token, at: Date.now() - 120_000 })),
  ],
  [
    'a proof of the future',
    'TOKEN_REQUIRED',
    async (world) =>
      withProof(world, await world.device.proof({ token: world.token, at: Date.now() + 120_000 })),
  ],
  [
    'a request that is sent again as it was',
    'PROOF_REPLAYED',
    async (world) => {
      const ask = { method: 'POST', ...(await withToken(world, world.token)) }
      expect(await world.endpoint.outcome('/v1/events', ask)).toBe('200')
      return ask
    },
  ],
  [
    'a request for a token that is sent again as it was',
    'PROOF_REPLAYED',
    async ({ endpoint, device, key }) => {
      const headers = { DPoP: await device.proof({ path: '/v1/tokens' }) }
      const ask = { method: 'POST', key, json: { device: device.id }, headers }
      expect(await endpoint.outcome('/v1/tokens', ask)).toBe('200')
      return { ...ask, path: '/v1/tokens' }
    },
  ],
]
