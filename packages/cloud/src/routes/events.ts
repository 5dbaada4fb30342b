/** `POST /v1/events` and `POST /v1/erase`: what devices report, exactly once, and how they take it back. */
import { Hono } from 'hono'
import { type EventAck, parseEraseRequest, parseEventBatch } from '@vitrine/contracts'
import { admitDevice, authenticate } from '../auth/authenticate.ts'
import { keyedCors } from '../auth/cors.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import { refusalOf } from '../refusal.ts'
import { revisionFor } from '../rollout/cohort.ts'

/** The routes of events. */
export function eventRoutes(parts: Parts): Hono<HandlerEnv> {
  const { store, metrics, clock, readJson } = parts
  const routes = new Hono<HandlerEnv>()
  for (const path of ['/events', '/erase']) routes.use(path, keyedCors(store))

  /** Counts the events of a batch that is refused, so that those offered are always accounted for. */
  async function counted<T>(events: number, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      metrics.eventsRefused.inc({ code: refusalOf(error).code }, events)
      throw error
    }
  }

  routes.post('/events', authenticate(parts, { kinds: ['publishable'] }), async (c) => {
    const receivedAt = clock()
    const { tenant } = c.var.key
    const { json, wireBytes } = await readJson(c.req.raw)
    const { device, epoch, firstSeq, events, sentAt } = parseEventBatch(json)
    metrics.eventsOffered.inc(events.length)
    const { stored, duplicates, skipped } = await counted(events.length, async () => {
      admitDevice(c, device, parts)
      return store.appendEvents(tenant, {
        device,
        epoch,
        firstSeq,
        events: events.map((event) => ({ ...event, at: correctTime(event.at, sentAt, receivedAt) })),
        receivedAt,
      })
    })
    metrics.receivedBytes.inc({ route: '/v1/events' }, wireBytes)
    metrics.eventsStored.inc(stored)
    metrics.eventsDuplicate.inc(duplicates)
    metrics.eventsSkipped.inc(skipped)
    const rollouts = await store.listRollouts(tenant)
    const ack: EventAck = {
      // This batch's own end and not the log's mark: it says of exactly these events that they are durable.
      ackedThrough: firstSeq + events.length - 1,
      models: Object.fromEntries(
        await Promise.all(rollouts.map(async (one) => [one.model, await revisionFor(one, device)] as const)),
      ),
      serverTime: clock(),
    }
    return c.json(ack)
  })

  routes.post('/erase', authenticate(parts, { kinds: ['publishable', 'secret'] }), async (c) => {
    const { json } = await readJson(c.req.raw)
    const { device } = parseEraseRequest(json)
    admitDevice(c, device, parts)
    const erased = await store.eraseDevice(c.var.key.tenant, device, clock())
    metrics.eventsErased.inc(erased)
    metrics.devicesErased.inc()
    return c.json({ erased })
  })

  return routes
}

/** An event older than this, by its own device's clock, is taken for one written under a wrong clock. */
export const MAX_EVENT_AGE_MS: number = 400 * 24 * 60 * 60 * 1000

/**
 * Returns an event's time on the endpoint's clock, in Unix ms: received − (sent − created). Only the difference of
 * two readings of the device's clock counts, so a clock that is wrong but steady does no harm. A clock that was set
 * between the two could put an event into the future or far past: its age is kept between 0 and
 * {@link MAX_EVENT_AGE_MS}.
 */
export function correctTime(at: number, sentAt: number, receivedAt: number): number {
  const age = Math.min(Math.max(sentAt - at, 0), MAX_EVENT_AGE_MS)
  return Math.max(receivedAt - age, 0)
}
