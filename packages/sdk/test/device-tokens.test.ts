/** The device's half of device tokens, on an endpoint that checks what RFC 9449 says of a proof. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEndpoint } from '../src/endpoint.ts'
import { withDeviceTokens } from '../src/identity/device-tokens.ts'
import { createDeviceKeys } from '../src/identity/keys.ts'

const URL_OF_EDGE = 'https://edge.shop.example'
const DEVICE = 'd'.repeat(32)
const LIFETIME_MS = 15 * 60_000

/** Timers never fire. */
const setTimer = () => () => undefined
const randomId = (): string => crypto.randomUUID().replaceAll('-', '')

interface Proof {
  header: { typ: string; alg: string; jwk: JsonWebKey }
  claims: { jti: string; htm: string; htu: string; iat: number; ath?: string }
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const jsonOf = (text: string): unknown => JSON.parse(new TextDecoder().decode(bytesOf(text)))

/** Reads a proof whose signature holds. */
async function readProof(text: string): Promise<Proof> {
  const [head = '', payload = '', signature = ''] = text.split('.')
  const header = jsonOf(head) as Proof['header']
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('jwk', header.jwk, algorithm, false, ['verify'])
  const signed = new TextEncoder().encode(`${head}.${payload}`)
  if (!(await crypto.subtle.verify(algorithm, key, bytesOf(signature), signed))) throw new Error('forged')
  return { header, claims: jsonOf(payload) as Proof['claims'] }
}

const refuse = (code: string): Response => Response.json({ error: { code, message: 'no' } }, { status: 401 })

describe('a device that is asked who it is', () => {
  let factory: IDBFactory
  /** The device's clock and the endpoint's. */
  let now: number
  let serverNow: number
  let tokens: number
  let asksForTokens: boolean
  let proofs: Proof[]
  let authorizations: (string | null)[]
  beforeEach(() => {
    factory = new IDBFactory()
    vi.stubGlobal('IDBKeyRange', IDBKeyRange)
    now = 1_800_000_000_000
    serverNow = now
    tokens = 0
    asksForTokens = true
    proofs = []
    authorizations = []
  })

  afterEach(() => vi.unstubAllGlobals())

  const fetch = async (address: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(address, init)
    const authorization = request.headers.get('authorization')
    authorizations.push(authorization)
    if (!asksForTokens) return Response.json({})
    const text = request.headers.get('dpop')
    if (text === null) return refuse('TOKEN_REQUIRED')
    const proof = await readProof(text)
    if (proofs.some(({ claims }) => claims.jti === proof.claims.jti)) return refuse('PROOF_REPLAYED')
    proofs.push(proof)
    if (request.url.endsWith('/v1/tokens')) {
      tokens += 1
      return Response.json({
        token: `token-${tokens}`,
        expiresAt: serverNow + LIFETIME_MS,
        serverTime: serverNow,
      })
    }
    const isFresh = Math.abs(proof.claims.iat * 1000 - serverNow) < 60_000
    return isFresh && authorization === `DPoP token-${tokens}` ? Response.json({}) : refuse('TOKEN_REQUIRED')
  }

  function openTab({ subtle }: { subtle: SubtleCrypto } = crypto) {
    const plain = createEndpoint({ url: URL_OF_EDGE, key: 'pk_live_x' }, { fetch, setTimer })
    const keys = createDeviceKeys('vitrine-keys:test', { indexedDB: factory, subtle })
    const endpoint = withDeviceTokens(plain, { keys, platform: { now: () => now, randomId, subtle } })
    const send = async () => {
      const init = { method: 'POST', body: '{}', device: DEVICE }
      return (await endpoint.request('/v1/events', init)).status
    }
    return { endpoint, keys, send }
  }

  it('sends its key and nothing else to an endpoint that does not ask', async () => {
    asksForTokens = false
    expect(await openTab().send()).toBe(200)
    expect(authorizations).toEqual(['Bearer pk_live_x'])
    expect(await factory.databases()).toEqual([])
  })

  it('gets a token when asked, and signs each request anew', async () => {
    const { send } = openTab()
    expect([await send(), await send(), await send()]).toEqual([200, 200, 200])
    expect(tokens).toBe(1)
    expect(authorizations).toEqual([
      'Bearer pk_live_x',
      'Bearer pk_live_x',
      'DPoP token-1',
      'DPoP token-1',
      'DPoP token-1',
    ])
    const last = proofs.at(-1)!
    expect(last.header).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256' } })
    expect(last.header.jwk).not.toHaveProperty('d')
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('token-1'))
    expect(last.claims).toMatchObject({ htm: 'POST', htu: `${URL_OF_EDGE}/v1/events` })
    expect(bytesOf(last.claims.ath!)).toEqual(new Uint8Array(hash))
  })

  it('keeps a key that cannot be taken away, one for all tabs', async () => {
    await Promise.all([openTab().send(), openTab().send()])
    const keys = await Promise.all([openTab().keys.get(DEVICE), openTab().keys.get(DEVICE)])
    expect(keys[0].jwk).toEqual(keys[1].jwk)
    expect(new Set(proofs.map(({ header }) => header.jwk.x)).size).toBe(1)
    expect(keys[0].privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', keys[0].privateKey)).rejects.toThrow(/extractable/u)
  })

  it('renews its token before it ends', async () => {
    const { send } = openTab()
    await send()
    now += LIFETIME_MS - 20_000
    serverNow = now
    expect(await send()).toBe(200)
    expect(tokens).toBe(2)
    expect(authorizations.at(-1)).toBe('DPoP token-2')
  })

  it('goes by the endpoint’s clock where its own is ten years off', async () => {
    now -= 10 * 365 * 86_400_000
    const { send } = openTab()
    expect(await send()).toBe(200)
    expect(Math.abs(proofs.at(-1)!.claims.iat * 1000 - serverNow)).toBeLessThan(2000)
  })

  it('gets another token when the endpoint no longer takes the one it has', async () => {
    const { send } = openTab()
    await send()
    tokens += 5
    expect(await send()).toBe(200)
  })

  it('leaves a refusal of another kind to whoever asked', async () => {
    const { endpoint } = openTab()
    const refused = await endpoint.request('/v1/nowhere', { method: 'POST' })
    expect(await refused.json()).toMatchObject({ error: { code: 'TOKEN_REQUIRED' } })
    expect(tokens).toBe(0)
  })

  it('forgets the key of a device that was erased, and the database with the last', async () => {
    const { send, keys } = openTab()
    await send()
    await keys.get('e'.repeat(32))
    await keys.forget(DEVICE)
    expect(await factory.databases()).toHaveLength(1)
    await keys.forget('e'.repeat(32))
    expect(await factory.databases()).toEqual([])
    await keys.forget(DEVICE)
    expect(await factory.databases()).toEqual([])
  })

  it('says what is missing in a page without HTTPS', async () => {
    const plain = createEndpoint({ url: URL_OF_EDGE, key: 'pk_live_x' }, { fetch, setTimer })
    const platform = { now: () => now, randomId: () => '', subtle: undefined }
    const endpoint = withDeviceTokens(plain, { keys: undefined, platform })
    await expect(endpoint.request('/v1/events', { device: DEVICE })).rejects.toMatchObject({
      code: 'ENDPOINT_REFUSED',
      message: expect.stringContaining('HTTPS') as string,
    })
  })
})
