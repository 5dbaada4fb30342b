/** Outermost middleware: names every request, times it, counts what is refused, and writes one line of log. */
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { HandlerEnv, Parts } from './context.ts'
import { refusalOf } from './refusal.ts'

/**
 * Middleware that measures. Logs and labels hold the route's pattern and never the address, which may name a
 * device.
 */
export function observe({
  metrics,
  logger,
}: Pick<Parts, 'metrics' | 'logger'>): MiddlewareHandler<HandlerEnv> {
  return async (c, next) => {
    const requestId = crypto.randomUUID()
    const start = performance.now()
    await next()
    const ms = performance.now() - start
    const method = METHODS.has(c.req.method) ? c.req.method : 'other'
    const { status, headers } = c.res
    const route = routeOf(c)
    metrics.requests.observe({ method, route, status }, ms / 1000)
    headers.set('X-Request-Id', requestId)
    const fields = { requestId, method, route, status, ms: Math.round(ms * 10) / 10 }
    const refused = c.get('refused')
    if (!refused) return logger.info(fields, 'request served')
    const { code, error } = refused
    metrics.refusals.inc({ code })
    if (status >= 500) logger.error({ ...fields, code, err: error }, 'request failed')
    else logger.warn({ ...fields, code, reason: error.message }, 'request refused')
  }
}

/** Answers with the error's code, and leaves it for {@link observe} to count and log. */
export function refuse(error: Error, c: Context<HandlerEnv>): Response {
  const { code, status, body, headers } = refusalOf(error, { retryAfter: c.get('retryAfter') })
  c.set('refused', { code, error })
  return c.json(body, status, headers)
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE', 'PATCH'])

/** The pattern of the route that answered, without its regular expressions; middleware patterns end in a star. */
function routeOf(c: Context<HandlerEnv>): string {
  const path = routePath(c, -1)
  return path.endsWith('*') ? 'unknown' : path.replace(/\{.*\}/u, '')
}
