/**
 * An HTTP proxy between browser and server that breaks things on purpose. Faults live here and not in the
 * browser, because a driver's own interception misses requests of workers and differs between engines.
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

/** Some 100 KB a second. */
const SLOW_BYTES = 2048
const SLOW_MS = 20

/** One request as it came from the browser. */
export interface Seen {
  method: string
  path: string
  /** Status that the browser got; 0 when the connection was cut. */
  status: number
  /** Bytes of the request's body. */
  sent: number
}

/** What to do to a request. The first fault that matches is the one that happens. */
export interface Fault {
  matches(method: string, path: string): boolean
  /**
   * `cut` ends the connection without an answer; `flip` turns one bit of the answer's body; `slow` sends it in
   * pieces with pauses between them.
   */
  effect: 'cut' | 'flip' | 'slow'
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
export async function startFaultProxy(target: () => string): Promise<FaultProxy> {
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
    const effect = proxy.faults.find((fault) => fault.matches(method, path))?.effect
    if (effect === 'cut') {
      incoming.destroy()
      return
    }
    forward(incoming, outgoing, entry, effect)
  }

  function forward(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    entry: Seen,
    effect: Fault['effect'] | undefined,
  ): void {
    const headers = { ...incoming.headers }
    const flip = effect === 'flip'
    // A flipped bit in a compressed body would fail in the decoder; the fault is meant for what checks hashes.
    if (flip) delete headers['accept-encoding']
    const upstream = request(target() + entry.path, { method: entry.method, headers }, (answered) => {
      entry.status = answered.statusCode ?? 0
      outgoing.writeHead(entry.status, answered.headers)
      if (effect === 'slow') {
        Readable.from(slowly(answered)).pipe(outgoing)
        return
      }
      let first = flip
      answered.on('data', (chunk: Buffer) => {
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
    outgoing.on('close', () => upstream.destroy())
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
