/**
 * Requests in a device's name, signed where the endpoint asks for it (RFC 9449): a short-lived token, and beside it a
 * proof of possession over this very request. An endpoint that does not ask never sees any of it.
 */
import { VitrineError, isVitrineError, parseErrorBody, parseTokenAnswer } from '@vitrine/contracts'
import { type Endpoint, type EndpointRequest, isTemporary, readJson, refusal } from '../endpoint.ts'
import type { Platform } from '../platform.ts'
import type { DeviceKey, DeviceKeys } from './keys.ts'

/** What {@link withDeviceTokens} works with. */
export interface DeviceTokenOptions {
  /** Missing in a page that is not served over HTTPS. */
  keys: DeviceKeys | undefined
  platform: Pick<Platform, 'now' | 'randomId' | 'subtle'>
}

/** A token that is good for a while. */
interface Held {
  token: string
  key: DeviceKey
  /** Unix ms, on the endpoint's clock. */
  expiresAt: number
  /** What to add to this device's clock to have the endpoint's, in ms. */
  ahead: number
}

/** A token is renewed so long before its end: a request may take its time. */
const MARGIN_MS = 30_000
/** Refusals after which another token may help. */
const ASKS_FOR_TOKEN: ReadonlySet<string> = new Set(['TOKEN_REQUIRED', 'TOKEN_INVALID', 'PROOF_REPLAYED'])

/** Returns `endpoint` with requests that name a device signed, from the first time that it asks for that. */
export function withDeviceTokens(endpoint: Endpoint, { keys, platform }: DeviceTokenOptions): Endpoint {
  const held = new Map<string, Held>()

  async function obtain(device: string): Promise<Held> {
    if (!keys) {
      throw new VitrineError(
        'ENDPOINT_REFUSED',
        'the endpoint asks devices to prove who they are, and a page can do that over HTTPS only; serve the shop over HTTPS',
      )
    }
    const key = await keys.get(device)
    const path = '/v1/tokens'
    const proof = await prove(key, { method: 'POST', path, at: platform.now() })
    const response = await endpoint.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', dpop: proof },
      body: JSON.stringify({ device }),
    })
    if (!response.ok) {
      const code = isTemporary(response.status) ? 'NETWORK_FAILED' : 'ENDPOINT_REFUSED'
      throw await refusal(response, code, 'this device got no token')
    }
    const { token, expiresAt, serverTime } = parseTokenAnswer(await readJson(response, 'INVALID_RESPONSE'))
    const fresh = { token, key, expiresAt, ahead: serverTime - platform.now() }
    held.set(device, fresh)
    return fresh
  }

  async function send(path: string, init: EndpointRequest, { token, key, ahead }: Held): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('authorization', `DPoP ${token}`)
    const at = platform.now() + ahead
    headers.set('dpop', await prove(key, { method: init.method ?? 'GET', path, at, token }))
    return endpoint.request(path, { ...init, headers })
  }

  /** A signed statement that whoever holds the key makes this one request, now. */
  async function prove(
    { privateKey, jwk }: DeviceKey,
    { method, path, at, token }: { method: string; path: string; at: number; token?: string },
  ): Promise<string> {
    const subtle = platform.subtle!
    const claims = {
      jti: platform.randomId(),
      htm: method,
      htu: new URL(endpoint.url + path.split('?', 1)[0]).href,
      iat: Math.floor(at / 1000),
      ...(token !== undefined && {
        ath: base64Url(new Uint8Array(await subtle.digest('SHA-256', utf8(token)))),
      }),
    }
    const head = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    const text = `${head}.${encode(claims)}`
    const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, utf8(text))
    return `${text}.${base64Url(new Uint8Array(signature))}`
  }

  return {
    url: endpoint.url,
    async request(path, init = {}) {
      const { device } = init
      if (device === undefined) return endpoint.request(path, init)
      const known = held.get(device)
      const isGood = known && known.expiresAt - (platform.now() + known.ahead) > MARGIN_MS
      const first = await (known
        ? send(path, init, isGood ? known : await obtain(device))
        : endpoint.request(path, init))
      if (first.status !== 401 || !(await asksForToken(first))) return first
      return send(path, init, await obtain(device))
    },
  }
}

/** Reads a copy: whoever gets the answer reads it again. */
async function asksForToken(response: Response): Promise<boolean> {
  try {
    const { error } = parseErrorBody(await response.clone().json())
    return ASKS_FOR_TOKEN.has(error.code)
  } catch (error) {
    // A proxy's refusal, or one that broke off.
    if (error instanceof SyntaxError || error instanceof TypeError || isVitrineError(error)) return false
    throw error
  }
}

function encode(value: object): string {
  return base64Url(utf8(JSON.stringify(value)))
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
