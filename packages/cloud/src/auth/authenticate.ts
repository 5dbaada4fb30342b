/** Lets a request pass that carries a good key of the right kind, from an origin where that key may be used. */
import type { MiddlewareHandler } from 'hono'
import { VitrineError } from '@vitrine/contracts'
import type { HandlerEnv } from '../context.ts'
import type { KeyKind, KeyRecord, Store } from '../stores/store.ts'
import { findKey } from './keys.ts'
import { patternsAllowing } from './origins.ts'

/** What follows this middleware knows the key. */
export interface KeyEnv extends HandlerEnv {
  Variables: HandlerEnv['Variables'] & { key: KeyRecord }
}

/**
 * Middleware: `Authorization: Bearer KEY` with a key of one of `kinds`.
 *
 * A request without an Origin header passes: browsers set it on every cross-origin request, and outside a browser
 * anybody could write any. A secret key lists no origins, so one that stands in a page by mistake is refused.
 */
export function authenticate(store: Store, ...kinds: readonly KeyKind[]): MiddlewareHandler<KeyEnv> {
  return async (c, next) => {
    const text = /^Bearer (\S{1,100})$/iu.exec(c.req.header('authorization') ?? '')?.[1]
    if (text === undefined) {
      throw new VitrineError(
        'UNAUTHORIZED',
        'there is no key; send Authorization: Bearer pk_live_… or sk_live_…',
      )
    }
    const key = await findKey(store, text)
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
    await next()
  }
}

/** True when pages of `origin` may use the key. */
export function allowsOrigin(key: KeyRecord, origin: string): boolean {
  return patternsAllowing(origin).some((pattern) => key.origins.includes(pattern))
}
