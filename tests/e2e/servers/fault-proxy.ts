/**
 * An HTTP proxy between browser and server that breaks things on purpose. Faults live here and not in the
 * browser, because a driver's own interception misses requests of workers and differs between engines.
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, pipeline } from 'node:stream'
import { seed, seeded } from '@vitrine/trials'

/** Some 100 KB a second. */
const SLOW_BYTES = 2048
const SLOW_MS = 20

/** Longest that a request is held back. */
const LATEST_MS = 3000

/** One request as it came from the browser. */
export interface Seen {
  method: string
  path: string
  /** Status that the browser got; 0 when the connection was cut. */
  status: number
  /** Bytes of the request's body. */
  sent: number
}

/**
 * What to do to a request. `cut` ends the connection before the request is heard, `cut-request` when half of its body
 * is through, `cut-answer` once the server has answered, `half-answer` in the middle of what it answers. `flip` turns
 * one bit of the answer's body, `slow` sends it in pieces with pauses, `late` hands the request on only after a while.
 * `busy` and `limited` refuse with 503 and 429.
 */
export type Effect =
  | 'none'
  | 'cut'
  | 'cut-request'
  | 'cut-answer'
  | 'half-answer'
  | 'flip'
  | 'slow'
  | 'late'
  | 'busy'
  | 'limited'

/** The first fault that matches is the one that happens. */
export interface Fault {
  matches(method: string, path: string): boolean
  /** The same each time, or asked for each request. */
  effect: Effect | (() => Effect)
}

/** A running proxy. */
export interface FaultProxy {
  /** Without a slash at the end. */
  url: string
  /** Every request so far, in order of arrival. */
  seen: readonly Seen[]
  /** Faults in force; none at first. */
  faults: Fault[]
  /** Stops listening and cuts every connection: nothing is reachable here until {@link FaultProxy.up}. */
  down(): Promise<void>
  /** Listens again on the same port. */
  up(): Promise<void>
  close(): Promise<void>
}

/** Starts a proxy on a free port, in front of the server that `target` names when a request arrives. */
export async function startFaultProxy(
  target: () => string,
  { random = seeded(seed()) }: { random?: () => number } = {},
): Promise<FaultProxy> {
  const seen: Seen[] = []
  const proxy = { seen, faults: [] as Fault[] }
  let server = await listen(createServer(answer), 0)
  const { port } = server.address() as AddressInfo
  let isUp = true

  function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = 'GET', url: path = '/' } = incoming
    const entry: Seen = { method, path, status: 0, sent: 0 }
    seen.push(entry)
    incoming.on('data', (chunk: Buffer) => (entry.sent += chunk.length))
    const fault = proxy.faults.find((each) => each.matches(method, path))
    const effect = typeof fault?.effect === 'function' ? fault.effect() : (fault?.effect ?? 'none')
    if (effect === 'cut') {
      incoming.destroy()
    } else if (effect === 'busy' || effect === 'limited') {
      entry.status = effect === 'busy' ? 503 : 429
      // Without the headers of CORS the page would see no answer at all.
      outgoing.writeHead(entry.status, {
        'retry-after': '1',
        'access-control-allow-origin': incoming.headers.origin ?? '*',
        'access-control-expose-headers': 'retry-after',
      })
      incoming.resume().on('end', () => outgoing.end())
    } else if (effect === 'late') {
      incoming.pause() // Its body must wait as well.
      setTimeout(() => forward(incoming, outgoing, entry, effect), random() * LATEST_MS)
    } else {
      forward(incoming, outgoing, entry, effect)
    }
  }

  function forward(incoming: IncomingMessage, outgoing: ServerResponse, entry: Seen, effect: Effect): void {
    const headers = { ...incoming.headers }
    // A flipped bit in a compressed body would fail in the decoder; the fault is meant for what checks hashes.
    if (effect === 'flip') delete headers['accept-encoding']
    const upstream = request(target() + entry.path, { method: entry.method, headers }, (answered) => {
      if (effect === 'cut-answer') {
        outgoing.destroy()
        return
      }
      entry.status = answered.statusCode ?? 0
      outgoing.writeHead(entry.status, answered.headers)
      if (effect === 'slow') {
        // Whoever asked may be killed meanwhile; that ends both sides, and is no failure of this one.
        pipeline(Readable.from(slowly(answered)), outgoing, () => undefined)
        return
      }
      let first = effect === 'flip'
      answered.on('data', (chunk: Buffer) => {
        if (effect === 'half-answer') {
          // After what was written has left; the length that was promised never comes.
          outgoing.write(chunk.subarray(0, chunk.length >> 1), () => outgoing.destroy())
          return
        }
        if (first && chunk.length > 0) {
          const middle = chunk.length >> 1
          chunk[middle] = chunk[middle]! ^ 1
          first = false
        }
        outgoing.write(chunk)
      })
      answered.on('end', () => outgoing.end())
      answered.on('error', () => outgoing.destroy())
    })
    // Either side may leave at any time; the other must learn of it, or it waits for ever.
    upstream.on('error', () => outgoing.destroy())
    if (effect === 'cut-request') {
      incoming.once('data', (chunk: Buffer) => {
        upstream.write(chunk.subarray(0, chunk.length >> 1), () => {
          upstream.destroy()
          incoming.destroy()
        })
      })
      return
    }
    // An answer that is cut on its way to the browser was earned by a request that arrived whole.
    if (effect !== 'cut-answer' && effect !== 'half-answer') outgoing.on('close', () => upstream.destroy())
    incoming.pipe(upstream)
  }

  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    async down() {
      if (isUp) await stop(server)
      isUp = false
    },
    async up() {
      if (!isUp) server = await listen(createServer(answer), port)
      isUp = true
    },
    async close() {
      if (isUp) await stop(server)
      isUp = false
    },
  })
}

/** Hands a body on in small pieces. */
async function* slowly(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += SLOW_BYTES) {
      yield chunk.subarray(at, at + SLOW_BYTES)
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS))
    }
  }
}

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
