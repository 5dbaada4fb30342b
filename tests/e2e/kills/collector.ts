/** Hears from the page that is killed what it was promised, before it dies. */
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** See above. */
export interface Collector {
  /** Without a slash at the end. */
  url: string
  /** Items whose `track()` resolved, of all lives. */
  durable: Set<string>
  /** Why the browser refused to store in the middle of a life, once for each report of it. */
  refusals: string[]
  /** How often the browser had thrown the whole database away: the count of all events ever began anew. */
  readonly discards: number
  /** Resolves when the page has sent all that was left, and tracked an event since. */
  untilTracking(): Promise<void>
  close(): Promise<void>
}

const PATIENCE = 60_000

/** What a page says once it has sent what an earlier life left behind. */
interface Flushed {
  waiting: number
  /** Events ever, on this database. */
  stored: number
  storage: string
}

/** An item is named after the life that tracked it. */
function lifeOf(item: string): string {
  return item.split('/', 1)[0]!
}

/** Starts a server on a free port. */
export async function startCollector(): Promise<Collector> {
  const durable = new Set<string>()
  const refusals: string[] = []
  let discards = 0
  /** Events that the database has counted so far. */
  let known = 0
  /** Lives in which the browser refused to store. */
  const inMemory = new Set<string>()
  const seen: { isFlushed: boolean; isTracking: boolean; failure?: Error } = {
    isFlushed: false,
    isTracking: false,
  }
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      if (request.url === '/flushed') {
        const { waiting, stored, storage } = JSON.parse(body) as Flushed
        if (waiting > 0 || storage !== 'indexeddb') seen.failure = new Error(`after a flush: ${body}`)
        seen.isFlushed = true
        if (stored < known) discards++
        known = stored
      } else if (request.url === '/durable') {
        for (const item of body.split('\n')) if (!inMemory.has(lifeOf(item))) durable.add(item)
        seen.isTracking = seen.isFlushed
      } else if (request.url === '/in-memory') {
        const [life = '', why = ''] = body.split('\n')
        inMemory.add(life)
        for (const item of durable) if (lifeOf(item) === life) durable.delete(item)
        refusals.push(why)
        seen.isTracking = seen.isFlushed
      } else seen.failure = new Error(`the page failed: ${body}`)
      response.writeHead(204, { 'access-control-allow-origin': '*' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    durable,
    refusals,
    get discards() {
      return discards
    },
    async untilTracking() {
      seen.isFlushed = false
      seen.isTracking = false
      const until = Date.now() + PATIENCE
      while (!seen.isTracking) {
        if (seen.failure) throw seen.failure
        if (Date.now() > until) throw new Error(`the page did not track within ${PATIENCE} ms`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
