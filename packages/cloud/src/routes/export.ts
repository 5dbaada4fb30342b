/** `GET /v1/events/export`: a tenant's events as NDJSON, for training; page by page, as fast as they are taken. */
import { Hono } from 'hono'
import { VitrineError } from '@vitrine/contracts'
import { authenticate } from '../auth/authenticate.ts'
import type { HandlerEnv, Parts } from '../context.ts'
import type { EventCursor, ReadEvents } from '../stores/store.ts'

/** Events read at once: what a slow reader keeps in memory. */
const PAGE = 1000
const CURSOR = /^([0-9a-f]{32})\.([0-9a-f]{32})\.(\d{1,15})$/u

/**
 * The route of the export. `?after=DEVICE.EPOCH.SEQ` goes on after that event, so a reader that lost its connection
 * names the last line that it got; `?from=` and `?to=` (Unix ms) bound when events were received. A device that was
 * erased is in no page that is read after that.
 */
export function exportRoutes(parts: Parts): Hono<HandlerEnv> {
  const { store, metrics } = parts
  const routes = new Hono<HandlerEnv>()

  routes.get('/events/export', authenticate(parts, { kinds: ['secret'] }), async (c) => {
    const { tenant } = c.var.key
    const range = { from: parseTime(c.req.query('from')), to: parseTime(c.req.query('to')) }
    let after = parseCursor(c.req.query('after'))
    const nextPage = () => store.readEvents(tenant, { ...range, after, limit: PAGE } satisfies ReadEvents)
    // Read before the answer begins: what is wrong with the database is still a coded refusal then.
    let page = await nextPage()
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const last = page.at(-1)
          if (last === undefined) return controller.close()
          const text = page.map((event) => `${JSON.stringify(event)}\n`).join('')
          controller.enqueue(new TextEncoder().encode(text))
          metrics.eventsExported.inc(page.length)
          after = last
          page = page.length < PAGE ? [] : await nextPage()
        },
      },
      // Nothing ahead of the reader.
      { highWaterMark: 0 },
    )
    return c.body(body, 200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' })
  })

  return routes
}

function parseCursor(text: string | undefined): EventCursor | undefined {
  if (text === undefined) return undefined
  const [, device, epoch, seq] = CURSOR.exec(text) ?? []
  if (device === undefined || epoch === undefined) {
    throw new VitrineError('INVALID_REQUEST', 'after is not DEVICE.EPOCH.SEQ of an event')
  }
  return { device, epoch, seq: Number(seq) }
}

function parseTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,15}$/u.test(text)) return Number(text)
  throw new VitrineError('INVALID_REQUEST', 'from and to are Unix times in milliseconds')
}
