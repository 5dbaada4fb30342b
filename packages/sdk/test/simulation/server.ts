/** The endpoint of a simulation: it can be down, busy or wrong, and refuses what is poisoned. */
import { parseEventBatch } from '@vitrine/contracts'
import { EndpointAnswers, inflate, refuse } from '../answers.ts'

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

/** See above. */
export class SimulatedServer extends EndpointAnswers {
  mood: Mood = 'well'
  /** Items of events that it refuses, with status 400 for their whole batch. */
  readonly poison: Set<string> = new Set()
  requests = 0
  /** Event batches that it answered. */
  batches = 0

  /** Answers; undefined when the connection breaks without an answer. */
  async respond({ body, ...request }: Arrived): Promise<Response | undefined> {
    this.requests++
    if (this.mood === 'down') return undefined
    if (this.mood === 'busy') {
      return refuse(503, 'UNAVAILABLE', { 'retry-after': String(BUSY_SECONDS) })
    }
    if (this.mood === 'closed') return refuse(403, 'FORBIDDEN')
    const asked = { ...request, body: await inflate(body.buffer, request.headers) }
    if (request.path === '/v1/events') {
      this.batches++
      if (this.#isPoisoned(asked.body)) return refuse(400, 'INVALID_EVENT')
    }
    return this.answer(asked)
  }

  /** How often each item was stored: every event of a simulation has an item of its own. */
  stored(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { item } of this.events.values()) counts.set(item!, (counts.get(item!) ?? 0) + 1)
    return counts
  }

  #isPoisoned(body: Uint8Array): boolean {
    if (this.poison.size === 0) return false
    const { device, events } = parseEventBatch(JSON.parse(new TextDecoder().decode(body)))
    return !this.erased.includes(device) && events.some(({ item }) => this.poison.has(item!))
  }
}
