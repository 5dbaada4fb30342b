/** The matrix of what must not pass: every line is refused, with its own code, and counted under it. */
import { gzipSync } from 'node:zlib'
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from 'jose'
import type { ErrorCode } from '@vitrine/contracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf } from '../../test/batches.ts'
import { type TestDevice, createTestDevice } from '../../test/device.ts'
import { type Ask, type Endpoint, ORIGIN, manifestOf, startEndpoint } from '../../test/endpoint.ts'
import { createKey, revokeKey } from './keys.ts'

interface World {
  endpoint: Endpoint
  /** A publishable key of tenant a that asks for tokens. */
  key: string
  device: TestDevice
  token: string
  /** Sets the endpoint's clock forward. */
  pass: (ms: number) => void
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const batch = (device: TestDevice) => ({ json: batchOf(1, 2, { device: device.id }) })

/** A token as the endpoint's own, but for who signed it and how. */
function claimsOf({ device, key }: World) {
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

async function hmac(secret: string | Uint8Array, text: string): Promise<Uint8Array> {
  const raw = typeof secret === 'string' ? Buffer.from(secret) : Buffer.from(secret)
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, Buffer.from(text)))
}

/** Each line asks for something; `POST /v1/events` unless it says otherwise. */
type Attempt = (world: World) => Promise<Ask & { path?: string }>

const withToken = async (world: World, token: string, fields: object = {}): Promise<Ask> => ({
  ...batch(world.device),
  headers: await world.device.signed(token),
  ...fields,
})
const withProof = async (world: World, proof: string): Promise<Ask> => ({
  ...batch(world.device),
  headers: { Authorization: `DPoP ${world.token}`, DPoP: proof },
})

const MATRIX: [string, ErrorCode, Attempt][] = [
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
  // Devices.
  [
    'events in the name of another device',
    'FORBIDDEN',
    async (world) => ({ json: batchOf(1, 2), headers: await world.device.signed(world.token) }),
  ],
  [
    'the erasure of another device',
    'FORBIDDEN',
    async ({ device, token }) => ({
      path: '/v1/erase',
      json: { device: 'f'.repeat(32) },
      headers: await device.signed(token, { path: '/v1/erase' }),
    }),
  ],
  [
    'a report in the name of another device',
    'FORBIDDEN',
    async ({ device, token }) => ({
      path: '/v1/models/shop/reports',
      json: { device: 'f'.repeat(32), revision: 'r1', code: 'SELF_TEST_FAILED' },
      headers: await device.signed(token, { path: '/v1/models/shop/reports' }),
    }),
  ],
  [
    'a token for a device that belongs to another key',
    'FORBIDDEN',
    async ({ device, key }) => {
      const thief = await createTestDevice(666)
      const headers = { DPoP: await thief.proof({ path: '/v1/tokens' }) }
      return { path: '/v1/tokens', key, json: { device: device.id }, headers }
    },
  ],
  [
    'a token for a secret key',
    'FORBIDDEN',
    async ({ endpoint, device }) => ({
      path: '/v1/tokens',
      key: endpoint.keys.aSecret,
      json: { device: device.id },
      headers: { DPoP: await device.proof({ path: '/v1/tokens' }) },
    }),
  ],
  // Keys, tenants, origins.
  ['no key', 'UNAUTHORIZED', async ({ device }) => batch(device)],
  [
    'a key that nobody made',
    'UNAUTHORIZED',
    async ({ device }) => ({ ...batch(device), key: `pk_live_${'a'.repeat(48)}` }),
  ],
  [
    'a publishable key where a secret one must be',
    'FORBIDDEN',
    async ({ endpoint }) => ({
      path: '/v1/models/shop/manifest',
      method: 'PUT',
      key: endpoint.keys.a,
      json: manifestOf(Buffer.from('{}')),
    }),
  ],
  [
    'a publishable key that exports events',
    'FORBIDDEN',
    async ({ endpoint }) => ({
      path: '/v1/events/export',
      method: 'GET',
      key: endpoint.keys.a,
    }),
  ],
  [
    'a secret key that sends events',
    'FORBIDDEN',
    async ({ endpoint, device }) => ({ ...batch(device), key: endpoint.keys.aSecret }),
  ],
  [
    'a secret key in a page',
    'ORIGIN_REFUSED',
    async ({ endpoint }) => ({
      path: '/v1/events/export',
      method: 'GET',
      key: endpoint.keys.aSecret,
      headers: { Origin: ORIGIN },
    }),
  ],
  [
    'a key in the page of another shop',
    'ORIGIN_REFUSED',
    async ({ endpoint, device }) => ({
      ...batch(device),
      key: endpoint.keys.a,
      headers: { Origin: 'https://b.example' },
    }),
  ],
  [
    'a token in the page of another shop',
    'ORIGIN_REFUSED',
    async (world) => ({
      ...batch(world.device),
      headers: { ...(await world.device.signed(world.token)), Origin: 'https://b.example' },
    }),
  ],
  [
    'the model of another tenant',
    'MODEL_NOT_FOUND',
    async ({ endpoint }) => ({
      path: '/v1/models/shop/manifest',
      method: 'GET',
      key: endpoint.keys.b,
    }),
  ],
  [
    'a rollback for another tenant',
    'MODEL_NOT_FOUND',
    async ({ endpoint }) => ({
      path: '/v1/models/shop/rollback',
      key: endpoint.keys.bSecret,
      json: {},
    }),
  ],
  [
    'a rollout for another tenant',
    'MODEL_NOT_FOUND',
    async ({ endpoint }) => ({
      path: '/v1/models/shop/rollout',
      key: endpoint.keys.bSecret,
      json: { revision: 'r1', share: 1 },
    }),
  ],
  // Bodies.
  [
    'more than a megabyte of JSON',
    'BODY_TOO_LARGE',
    async ({ endpoint }) => ({
      key: endpoint.keys.a,
      body: `"${'x'.repeat(2 ** 20)}"`,
    }),
  ],
  [
    'more than 50 KiB of gzip',
    'BODY_TOO_LARGE',
    async ({ endpoint }) => ({
      key: endpoint.keys.a,
      body: crypto.getRandomValues(new Uint8Array(60_000)),
      headers: { 'Content-Encoding': 'gzip' },
    }),
  ],
  [
    'a gzip bomb',
    'BODY_TOO_LARGE',
    async ({ endpoint }) => ({
      key: endpoint.keys.a,
      body: gzipSync(new Uint8Array(30 * 2 ** 20)),
      headers: { 'Content-Encoding': 'gzip' },
    }),
  ],
  [
    'an artifact over the limit',
    'BODY_TOO_LARGE',
    async ({ endpoint }) => ({
      path: `/v1/artifacts/${'0'.repeat(64)}`,
      method: 'PUT',
      key: endpoint.keys.aSecret,
      body: new Uint8Array(2 ** 20),
    }),
  ],
  [
    'events beyond the rate of a device',
    'RATE_LIMITED',
    async ({ endpoint, device }) => {
      const ask = { method: 'POST', key: endpoint.keys.a, ...batch(device) }
      for (let i = 0; i < 4; i++) expect(await endpoint.outcome('/v1/events', ask)).toBe('200')
      return ask
    },
  ],
  [
    'requests beyond the rate of a key',
    'RATE_LIMITED',
    async ({ endpoint }) => {
      const ask = { method: 'GET', key: endpoint.keys.b }
      for (let i = 0; i < 30; i++) await endpoint.ask('/v1/models/shop/manifest', ask)
      return { ...ask, path: '/v1/models/shop/manifest' }
    },
  ],
]

describe('what must not pass', () => {
  let world: World
  beforeEach(async () => {
    let ahead = 0
    const endpoint = await startEndpoint({
      clock: () => Date.now() + ahead,
      maxArtifactBytes: 100_000,
      rateLimits: { perKey: { perSecond: 1, burst: 30 }, perDevice: { perSecond: 0.5, burst: 5 } },
    })
    const { key } = await createKey(endpoint.store, {
      kind: 'publishable',
      tenant: 'a',
      origins: [ORIGIN],
      needsToken: true,
    })
    const device = await createTestDevice(7)
    const token = await device.token(endpoint, key)
    world = { endpoint, key, device, token, pass: (ms) => (ahead += ms) }
  })
  afterEach(() => world.endpoint.stop())

  const countOf = async (code: string) => {
    const text = await world.endpoint.metrics.registry.metrics()
    return Number(new RegExp(`^vitrine_refusals_total\\{code="${code}"\\} (\\d+)`, 'mu').exec(text)?.[1] ?? 0)
  }

  it.each(MATRIX)('%s: %s', async (_, code, attempt) => {
    const { path = '/v1/events', ...ask } = await attempt(world)
    const stored = (await world.endpoint.store.readEvents('a', { limit: 100 })).length
    const before = await countOf(code)
    const response = await world.endpoint.ask(path, { method: 'POST', ...ask })
    expect(await response.json()).toMatchObject({ error: { code } })
    expect(await countOf(code)).toBe(before + 1)
    expect(await world.endpoint.store.readEvents('a', { limit: 100 })).toHaveLength(stored)
    if (code === 'RATE_LIMITED') expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('and what must: the device itself, with its own token and a fresh proof, from its own page', async () => {
    const headers = { ...(await world.device.signed(world.token)), Origin: ORIGIN }
    const post = { method: 'POST', ...batch(world.device), headers }
    expect(await world.endpoint.outcome('/v1/events', post)).toBe('200')
    // A second token, by the same key.
    expect((await world.device.askForToken(world.endpoint, world.key)).status).toBe(200)
    const preflight = await world.endpoint.ask('/v1/tokens', {
      method: 'OPTIONS',
      headers: { Origin: ORIGIN, 'Access-Control-Request-Method': 'POST' },
    })
    expect(preflight.headers.get('access-control-allow-headers')).toContain('DPoP')
  })

  it('gives a token to a device whose clock is ten years off, and tells it the time', async () => {
    const device = await createTestDevice(8)
    const headers = {
      DPoP: await device.proof({ path: '/v1/tokens', at: Date.now() - 10 * 365 * 86_400_000 }),
    }
    const ask = { method: 'POST', key: world.key, json: { device: device.id }, headers }
    const answer = (await (await world.endpoint.ask('/v1/tokens', ask)).json()) as { serverTime: number }
    expect(Math.abs(answer.serverTime - Date.now())).toBeLessThan(5000)
  })
})
