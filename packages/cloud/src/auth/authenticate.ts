/** Lets a request pass that carries a good key or device token, from an origin where that key may be used. */
import type { Context, MiddlewareHandler } from 'hono'
import { VitrineError } from '@vitrine/contracts'
import type { HandlerEnv } from '../context.ts'
import type { KeyKind, KeyRecord, Store } from '../stores/store.ts'
import { findKey } from './keys.ts'
import { patternsAllowing } from './origins.ts'
import type { Admit } from './rate-limits.ts'
import type { Tokens } from './tokens.ts'

/** What follows this middleware knows the key. */
export interface KeyEnv extends HandlerEnv {
  Variables: HandlerEnv['Variables'] & { key: KeyRecord }
}

/** What authentication needs. */
export interface AuthenticationParts {
  store: Store
  tokens: Tokens
  limits: { key: Admit; device: Admit }
}

/** Which keys may pass. */
export interface Admission {
  kinds: readonly KeyKind[]
  /** Lets a device pass without a token where its key asks for one: it only reads, or is about to get one. */
  withoutToken?: boolean
}

/**
 * Middleware: `Authorization: Bearer KEY`, or `Authorization: DPoP TOKEN` with a proof, of a key of one of `kinds`.
 * Where no token is needed to read, a publishable key may stand in the address instead (`?key=pk_…`): a request
 * without a header of its own needs no preflight, and every page names that key anyway.
 *
 * A request without an Origin header passes: browsers set it on every cross-origin request, and outside a browser
 * anybody could write any. A secret key lists no origins, so one that stands in a page by mistake is refused.
 */
export function authenticate(
  { store, tokens, limits }: AuthenticationParts,
  { kinds, withoutToken = false }: Admission,
): MiddlewareHandler<KeyEnv> {
  return async (c, next) => {
    const inAddress = withoutToken && c.req.method === 'GET' ? keyInAddress(c) : undefined
    const given = c.req.header('authorization') ?? (inAddress && `Bearer ${inAddress}`) ?? ''
    const [, scheme, text] = /^(Bearer|DPoP) (\S{1,1000})$/iu.exec(given) ?? []
    if (scheme === undefined || text === undefined) {
      throw new VitrineError(
        'UNAUTHORIZED',
        'there is no key; send Authorization: Bearer pk_live_… or sk_live_…',
      )
    }
    const isToken = scheme.toLowerCase() === 'dpop'
    const says = isToken ? await tokens.read(text) : undefined
    const key = says ? await goodKey(says.keyId) : await findKey(store, text)
    if (!key) {
      throw new VitrineError('UNAUTHORIZED', 'the key is not known or was revoked; create one (vitrine keys)')
    }
    const origin = c.req.header('origin')
    if (origin !== undefined && !allowsOrigin(key, origin)) {
      throw new VitrineError(
        'ORIGIN_REFUSED',
        key.kind === 'secret'
          ? 'a secret key must not be used in a page; revoke it, and use a publishable key there'
          : "this origin is not on the key's list; add it with vitrine keys create --origins",
      )
    }
    c.set('key', key)
    if (!kinds.includes(key.kind)) {
      throw new VitrineError(
        'FORBIDDEN',
        `a ${key.kind} key may not do this; use a ${kinds.join(' or ')} key`,
      )
    }
    // Before the proof, which costs two signatures and a write.
    limit(c, limits.key, key.id)
    if (says) {
      await tokens.prove(c.req.raw, text, says)
      c.set('device', says.device)
    }
    if (key.needsToken && !says && !withoutToken) {
      throw new VitrineError(
        'TOKEN_REQUIRED',
        'this key asks for device tokens; get one by POST /v1/tokens and prove possession of its key',
      )
    }
    await next()
  }

  async function goodKey(id: string): Promise<KeyRecord | undefined> {
    const key = await store.findKey(id)
    return key?.revokedAt === undefined ? key : undefined
  }
}

/**
 * Holds what a body or address says of its device against the token, where there is one, and against the rate limit.
 *
 * @throws `VitrineError('FORBIDDEN')` for another device than the token's, `RATE_LIMITED`.
 */
export function admitDevice(
  c: Context<KeyEnv>,
  device: string,
  { limits }: Pick<AuthenticationParts, 'limits'>,
): void {
  const proven = c.get('device')
  if (proven !== undefined && proven !== device) {
    throw new VitrineError('FORBIDDEN', 'the token is of another device; ask for one of this device')
  }
  limit(c, limits.device, `${c.var.key.tenant} ${device}`)
}

/** The publishable key that the address names; a secret one must not stand there, and counts for nothing. */
export function keyInAddress(c: Context<KeyEnv>): string | undefined {
  return /^pk_\S{1,100}$/u.exec(c.req.query('key') ?? '')?.[0]
}

function limit(c: Context<KeyEnv>, admit: Admit, name: string): void {
  const wait = admit(name)
  if (wait === 0) return
  c.set('retryAfter', Math.ceil(wait))
  throw new VitrineError('RATE_LIMITED', `too many requests; come back in ${Math.ceil(wait)} s`)
}

/** True when pages of `origin` may use the key. */
export function allowsOrigin(key: KeyRecord, origin: string): boolean {
  return patternsAllowing(origin).some((pattern) => key.origins.includes(pattern))
}
