/** The way from one device to the endpoint: requests and answers get lost, late, repeated or cut in half. */
import type { SimulatedClock } from './clock.ts'
import type { Gate } from './gate.ts'
import type { Arrived, SimulatedServer } from './server.ts'

/** What becomes of one request. */
export type Fate =
  /** Answered after a moment. */
  | 'answered'
  /** Never arrives. */
  | 'lost'
  /** Arrives; its answer does not. */
  | 'answer lost'
  /** Arrives; half of its answer does. */
  | 'half an answer'
  /** The device gives up; it arrives a minute later all the same. */
  | 'late'
  /** Arrives twice, as a proxy may repeat it. */
  | 'repeated'

/** How long after the device gave up a late request arrives, ms. */
const LATE_MS = 60_000

/** Told of each moment of an event batch: where a test kills the tab. */
export type NetworkListener = (
  point: 'before send' | 'after send' | 'before answer' | 'after answer',
  path: string,
) => void

/** What a network needs. */
export interface NetworkOptions {
  server: SimulatedServer
  clock: SimulatedClock
  /** Decides for each request. */
  fate: (path: string) => Fate
}

/** One device's network. */
export class SimulatedNetwork {
  readonly #options: NetworkOptions
  isOnline = true
  readonly #underWay = new Map<object, Gate>()

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  /** Requests that tabs that run are waiting for. */
  get busy(): number {
    return [...this.#underWay.values()].filter((owner) => owner.isOpen).length
  }

  /** The `fetch` of one tab. */
  of(owner: Gate, onPoint: NetworkListener): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, { ...init, keepalive: false })
      const arrived: Arrived = {
        method: request.method,
        path: new URL(request.url).pathname,
        headers: request.headers,
        body: new Uint8Array(await request.arrayBuffer()),
      }
      const token = {}
      this.#underWay.set(token, owner)
      try {
        return await this.#carry(arrived, owner, onPoint, init?.signal ?? undefined)
      } finally {
        this.#underWay.delete(token)
      }
    }
  }

  async #carry(
    request: Arrived,
    owner: Gate,
    onPoint: NetworkListener,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { server, clock } = this.#options
    await owner.pass()
    signal?.throwIfAborted()
    if (!this.isOnline) throw new TypeError('offline')
    onPoint('before send', request.path)
    if (owner.isDead) return never()
    const fate = this.#options.fate(request.path)
    if (fate === 'lost') throw new TypeError('the request was lost')
    if (fate === 'late') {
      clock.setTimer(() => void server.respond(request), LATE_MS)
      throw new TypeError('no answer')
    }
    onPoint('after send', request.path)
    if (owner.isDead) return never() // Cut before it arrived.
    const answer = await server.respond(request)
    if (fate === 'repeated') await server.respond(request)
    onPoint('before answer', request.path)
    await owner.pass()
    signal?.throwIfAborted()
    if (!answer) throw new TypeError('connection reset')
    if (fate === 'answer lost') throw new TypeError('connection reset')
    onPoint('after answer', request.path)
    await owner.pass()
    if (fate !== 'half an answer') return answer
    const half = new Uint8Array(await answer.arrayBuffer())
    return new Response(half.slice(0, half.length >> 1), answer)
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined)
}
