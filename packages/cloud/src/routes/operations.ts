/** `GET /health` and `GET /metrics`: for whoever runs the endpoint. */
import { Hono } from 'hono'
import type { HandlerEnv, Parts } from '../context.ts'

/** The routes for probes and Prometheus. */
export function operationRoutes({ store, artifacts, metrics }: Parts): Hono<HandlerEnv> {
  const routes = new Hono<HandlerEnv>()

  routes.get('/health', async (c) => {
    await Promise.all([store.check(), artifacts.check()])
    return c.json({ status: 'ok' }, 200, { 'Cache-Control': 'no-store' })
  })

  routes.get('/metrics', async (c) =>
    c.body(await metrics.registry.metrics(), 200, { 'Content-Type': metrics.registry.contentType }),
  )

  return routes
}
