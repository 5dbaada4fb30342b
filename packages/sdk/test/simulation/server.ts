/** The endpoint of a simulation: events by `(device, epoch, seq)`, erased devices, model revisions; it can be down, busy or wrong. */
import { type BehaviorEvent, parseEraseRequest, parseEventBatch } from '@vitrine/contracts'
import type { BuiltRevision } from '../revision.ts'

/** A request as it arrived. */
export interface Arrived {
  method: string
  path: string
  headers: Headers
  body: Uint8Array<ArrayBuffer>
}

/** How it answers: as it should, not at all, 503 with `Retry-After`, or 403 to everything. */
export type Mood = 'well' | 'down' | 'busy' | 'closed'

/** Seconds that a busy endpoint asks for. */
export const BUSY_SECONDS = 120

/** See above. Its data outlive a restart: what it acknowledged is stored. */
export class SimulatedServer {
  /** Keyed `device/epoch/seq`. */
  readonly events: Map<string, BehaviorEvent> = new Map()
  readonly erased: Set<string> = new Set()
  /** The model `tiny`. */
  readonly revisions: BuiltRevision[] = []
  active: BuiltRevision | undefined
  mood: Mood = 'well'
  /** Items of events that it refuses, with status 400 for their whole batch. */
  readonly poison: Set<string> = new Set()
  requests = 0
  /** Event batches that it answered. */
  batches = 0

  /** Answers; undefined when the connection breaks without an answer. */
  async answer(request: Arrived): Promise<Response | undefined> {
    this.requests++
    if (this.mood === 'down') return undefined
    if (this.mood === 'busy') {
      return refuse(503, 'UNAVAILABLE', { 'retry-after': String(BUSY_SECONDS) })
    }
    if (this.mood === 'closed') return refuse(403, 'FORBIDDEN')
    const { method, path, headers, body } = request
    const route = `${method} ${path}`
    if (route === 'POST /v1/events') return this.#store(await json(body, headers))
    if (route === 'POST /v1/erase') {
      const { device } = parseEraseRequest(await json(body, headers))
      this.erased.add(device)
      for (const key of this.events.keys()) if (key.startsWith(device)) this.events.delete(key)
      return Response.json({ erased: 1 })
    }
    if (route === 'GET /v1/models/tiny/manifest' && this.active) {
      const etag = `"${this.active.manifest.revision}"`
      if (headers.get('if-none-match') === etag) return new Response(null, { status: 304 })
      return Response.json(this.active.manifest, { headers: { etag } })
    }
    if (path.startsWith('/v1/artifacts/')) {
      const hash = path.slice('/v1/artifacts/'.length)
      const blob = this.revisions.map(({ blobs }) => blobs.get(hash)).find(Boolean)
      if (blob) return new Response(blob)
    }
    return refuse(404, 'NOT_FOUND')
  }

  /** How often each item was stored: every event of a simulation has an item of its own. */
  stored(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { item } of this.events.values()) counts.set(item!, (counts.get(item!) ?? 0) + 1)
    return counts
  }

  #store(input: unknown): Response {
    const { device, epoch, firstSeq, events } = parseEventBatch(input)
    this.batches++
    if (this.erased.has(device)) return refuse(410, 'DEVICE_ERASED')
    if (events.some(({ item }) => this.poison.has(item!))) return refuse(400, 'INVALID_EVENT')
    for (const event of events) {
      const key = `${device}/${epoch}/${event.seq}`
      if (!this.events.has(key)) this.events.set(key, event)
    }
    return Response.json({
      ackedThrough: firstSeq + events.length - 1,
      models: this.active ? { tiny: this.active.manifest.revision } : {},
      serverTime: 0,
    })
  }
}

function refuse(status: number, code: string, headers: HeadersInit = {}): Response {
  return Response.json({ error: { code, message: 'simulated' } }, { status, headers })
}

async function json(body: Uint8Array<ArrayBuffer>, headers: Headers): Promise<unknown> {
  if (headers.get('content-encoding') !== 'gzip') return JSON.parse(new TextDecoder().decode(body))
  const inflated = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(inflated).json()
}
