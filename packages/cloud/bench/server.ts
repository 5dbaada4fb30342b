/** A server in a process of its own: `vitrine FOLDER`, or `bare`, which stores nothing. Prints its address. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { silentLogger } from '../src/logger.ts'
import { serve } from '../src/node.ts'

const [what, folder] = process.argv.slice(2)

// Wall time on a shared machine says little; what a request costs is the server's own CPU time.
process.on('message', () => process.send?.(process.cpuUsage()))
process.on('disconnect', () => process.exit())

if (what === 'vitrine' && folder !== undefined) {
  const { url } = await serve({ folder, port: 0, logger: silentLogger })
  console.log(url)
} else {
  // Reads the body, answers a constant: what Node itself costs.
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      response.setHeader('Content-Type', 'application/json')
      response.end('{"ackedThrough":50,"models":{},"serverTime":1795217378124}')
    })
  })
  server.listen(0, '127.0.0.1', () => {
    console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
}
