/** `POST /v1/recommend`: the same list by the same code, for devices that cannot score. Nothing of it is kept. */
import { Hono } from 'hono'
import { VitrineError, parseCloudRecommendRequest } from '@vitrine/contracts'
import { recommend } from '@vitrine/recommender'
import { authenticate } from '../auth/authenticate.ts'
import { keyedCors } from '../auth/cors.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import { activeOf } from '../rollout/change.ts'

/** The route of lists. */
export function recommendRoutes(parts: Parts): Hono<HandlerEnv> {
  const { store, models, readJson } = parts
  const routes = new Hono<HandlerEnv>()
  routes.use('/recommend', keyedCors(store))

  routes.post('/recommend', authenticate(parts, { kinds: ['publishable', 'secret'] }), async (c) => {
    const { json } = await readJson(c.req.raw)
    const { model: id, history, ...request } = parseCloudRecommendRequest(json)
    const { tenant } = c.var.key
    const rollout = await store.findRollout(tenant, id)
    const revision = rollout && (await store.findRevision(tenant, id, activeOf(rollout)))
    if (!revision) {
      throw new VitrineError(
        'MODEL_NOT_FOUND',
        'no revision of this model is published for this key; publish one',
      )
    }
    const result = await models.use(revision, (model) => recommend(model, request, history))
    return c.json(result, 200, { 'Cache-Control': 'no-store' })
  })

  return routes
}
