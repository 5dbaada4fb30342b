/** `GET /v1/models/:id/revisions`, `POST …/rollout`, `…/rollback`, `…/reports`: who gets which revision. */
import { Hono } from 'hono'
import { parseFailureReport, parseRollbackRequest, parseRolloutRequest } from '@vitrine/contracts'
import { admitDevice, authenticate } from '../auth/authenticate.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import { activeOf, neverPublished } from '../rollout/change.ts'
import { recordOffers } from '../rollout/offers.ts'

/** Most lines of a history. */
const HISTORY = 100

/** The routes of rollouts, below `/v1/models`. */
export function rolloutRoutes(parts: Parts): Hono<HandlerEnv> {
  const { store, metrics, logger, clock, readJson, haltRule } = parts
  const routes = new Hono<HandlerEnv>()

  routes.get('/:id/revisions', authenticate(parts, { kinds: ['secret'] }), async (c) => {
    const model = c.req.param('id')
    const { tenant } = c.var.key
    const [rollout, revisions] = await Promise.all([
      store.findRollout(tenant, model),
      store.listRevisions(tenant, model, { limit: HISTORY }),
    ])
    if (!rollout) throw neverPublished(model)
    return c.json({ ...rollout, active: activeOf(rollout), revisions }, 200, { 'Cache-Control': 'no-store' })
  })

  routes.post('/:id/rollout', authenticate(parts, { kinds: ['secret'] }), async (c) => {
    const { json } = await readJson(c.req.raw)
    const { revision, share } = parseRolloutRequest(json)
    const options = { revision, share, at: clock() }
    const rollout = await store.setRollout(c.var.key.tenant, c.req.param('id'), options)
    return c.json({ ...rollout, active: activeOf(rollout) })
  })

  routes.post('/:id/rollback', authenticate(parts, { kinds: ['secret'] }), async (c) => {
    const { json } = await readJson(c.req.raw)
    const { revision } = parseRollbackRequest(json)
    const model = c.req.param('id')
    const { active, previous } = await store.rollBack(c.var.key.tenant, model, { revision, at: clock() })
    return c.json({ model, active, previous })
  })

  routes.post('/:id/reports', authenticate(parts, { kinds: ['publishable'] }), async (c) => {
    const { json } = await readJson(c.req.raw)
    const { device, revision, code } = parseFailureReport(json)
    admitDevice(c, device, parts)
    const { tenant } = c.var.key
    const report = { model: c.req.param('id'), revision, device, code, at: clock() }
    // A device that proved who it is may have asked for the manifest without a proof, when it counted for nothing.
    if (c.get('device') === device) await recordOffers(store, { tenant, device, at: report.at })
    const { isNew, isHalted } = await store.reportFailure(tenant, report, haltRule)
    if (isNew) metrics.revisionFailures.inc({ code })
    if (isHalted) {
      metrics.rolloutsHalted.inc()
      logger.error(
        { tenant, model: report.model, revision, ...haltRule },
        'rollout halted: too many devices failed',
      )
    }
    return c.json({ counted: isNew })
  })

  return routes
}
