/** Cross-origin rules: what needs a key is open to listed origins, what needs none to every page. */
import type { MiddlewareHandler } from 'hono'
import { VitrineError } from '@vitrine/contracts'
import type { HandlerEnv } from '../context.ts'
import type { KeyRecord, Store } from '../stores/store.ts'
import { allowsOrigin } from './authenticate.ts'
import { patternsAllowing } from './origins.ts'

/** Seconds a browser may remember a preflight's answer; Chromium remembers for two hours at most. */
const MAX_AGE_S = 7200

/** What scripts may read beyond the safelisted headers. */
const EXPOSED = 'ETag, Retry-After, X-Request-Id, Content-Range, Accept-Ranges, Content-Encoding'

/**
 * Middleware for routes that need a key. A preflight carries no key: it is answered for origins on the list of any
 * good publishable key, and the request that follows is held against the list of its own key. Cookies play no
 * part, so `Access-Control-Allow-Credentials` is never sent.
 */
export function keyedCors(store: Store): MiddlewareHandler<HandlerEnv> {
  return async (c, next) => {
    const origin = c.req.header('origin')
    if (origin !== undefined && isPreflight(c.req.raw)) {
      if (!(await store.hasOrigin(patternsAllowing(origin)))) {
        throw new VitrineError(
          'ORIGIN_REFUSED',
          'no key lists this origin; add it with vitrine keys create --origins',
        )
      }
      return preflight(
        origin,
        'GET, POST',
        'Authorization, Content-Type, Content-Encoding, If-None-Match, DPoP',
      )
    }
    await next()
    c.res.headers.append('Vary', 'Origin')
    if (origin !== undefined && (await isAllowed(origin, c.get('key'), store))) {
      c.res.headers.set('Access-Control-Allow-Origin', origin)
      c.res.headers.set('Access-Control-Expose-Headers', EXPOSED)
    }
    return undefined
  }
}

async function isAllowed(origin: string, key: KeyRecord | undefined, store: Store): Promise<boolean> {
  return key ? allowsOrigin(key, origin) : store.hasOrigin(patternsAllowing(origin))
}

/** Middleware for what any page may read: artifacts and scripts. */
export function openCors(): MiddlewareHandler<HandlerEnv> {
  return async (c, next) => {
    if (isPreflight(c.req.raw)) return preflight('*', 'GET, HEAD', 'Range, If-Range, If-None-Match')
    await next()
    c.res.headers.set('Access-Control-Allow-Origin', '*')
    c.res.headers.set('Access-Control-Expose-Headers', EXPOSED)
    return undefined
  }
}

function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('access-control-request-method')
}

function preflight(origin: string, methods: string, headers: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Methods': methods,
      'Access-Control-Allow-Headers': headers,
      'Access-Control-Max-Age': String(MAX_AGE_S),
      Vary: 'Origin',
    },
  })
}
