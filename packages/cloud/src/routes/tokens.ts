/** `POST /v1/tokens`: a device that proves possession of its key gets a short-lived token. */
import { Hono } from 'hono'
import { parseTokenRequest } from '@vitrine/contracts'
import { admitDevice, authenticate } from '../auth/authenticate.ts'
import { keyedCors } from '../auth/cors.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import { recordOffers } from '../rollout/offers.ts'

/** The route of tokens. */
export function tokenRoutes(parts: Parts): Hono<HandlerEnv> {
  const { store, tokens, clock, readJson } = parts
  const routes = new Hono<HandlerEnv>()
  routes.use('/tokens', keyedCors(store))

  routes.post('/tokens', authenticate(parts, { kinds: ['publishable'], withoutToken: true }), async (c) => {
    const { json } = await readJson(c.req.raw)
    const { device } = parseTokenRequest(json)
    admitDevice(c, device, parts)
    const issued = await tokens.issue(c.req.raw, c.var.key, device)
    await recordOffers(store, { tenant: c.var.key.tenant, device, at: clock() })
    return c.json({ ...issued, serverTime: clock() }, 200, { 'Cache-Control': 'no-store' })
  })

  return routes
}
