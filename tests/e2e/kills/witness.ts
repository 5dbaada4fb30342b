/** Hears what a page says before its browser is killed. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** See above. */
export interface Witness {
  url: string
  /** What was said since it was last asked; waits for something. */
  next(): Promise<Record<string, string>>
  /** Forgets what was said and not asked for. */
  clear(): void
  close(): Promise<void>
}

const PATIENCE_MS = 60_000

/** Starts a server on a free port. */
export async function startWitness(): Promise<Witness> {
  const said: Record<string, string>[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      said.push(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>)
      response.writeHead(204, { 'access-control-allow-origin': '*' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async next() {
      for (const until = Date.now() + PATIENCE_MS; said.length === 0;) {
        if (Date.now() > until) throw new Error(`the page said nothing within ${PATIENCE_MS} ms`)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return said.shift()!
    },
    clear() {
      said.length = 0
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
