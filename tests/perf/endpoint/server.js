/**
 * A server in a process of its own: `bare BYTES`, which reads each request and answers a constant of so many bytes, or
 * `vitrine FOLDER [DATABASE]`. Prints its address; answers each message with the CPU time it has used so far.
 */
import { createServer } from 'node:http'

const [what, place, database] = process.argv.slice(2)

process.on('message', () => process.send?.(process.cpuUsage()))
process.on('disconnect', () => process.exit())

if (what === 'vitrine') {
  const { silentLogger } = await import('@vitrine/cloud')
  const { serve } = await import('@vitrine/cloud/node')
  const { url } = await serve({
    ...(place !== undefined && { folder: place }),
    ...(database !== undefined && { database }),
    port: 0,
    // One device a connection, as fast as it goes: what is measured is the endpoint, not its limits.
    rateLimits: {},
    logger: silentLogger,
  })
  process.stdout.write(`${url}\n`)
} else {
  const answer = Buffer.alloc(Number(place), ' ')
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json')
      response.end(answer)
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = /** @type {import('node:net').AddressInfo} */ (server.address())
    process.stdout.write(`http://127.0.0.1:${address.port}\n`)
  })
}
