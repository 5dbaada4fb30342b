/**
 * Two small servers: the shop, and the script on another origin, as from a CDN. Any static servers do as well;
 * the script's must send CORS headers, because a worker from another origin is fetched with them.
 *
 *     VITRINE_KEY=pk_… node serve.js [--port 8080] [--script-port 8788] [--endpoint http://127.0.0.1:8787]
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const HERE = dirname(fileURLToPath(import.meta.url))
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}

/** What the pages are written with; replaced as they are served, so that the files stay as a merchant's. */
const WRITTEN = {
  endpoint: 'http://127.0.0.1:8787',
  script: 'http://127.0.0.1:8788',
  key: 'pk_your_publishable_key',
}

/**
 * Serves the shop and the script on 127.0.0.1.
 *
 * @param {{ endpoint: string, key: string, port?: number, scriptPort?: number }} options ports default to free ones
 * @returns {Promise<{ url: string, scriptUrl: string, close: () => Promise<void> }>}
 */
export async function serveShop({ endpoint, key, port = 0, scriptPort = 0 }) {
  const dist = dirname(fileURLToPath(import.meta.resolve('@vitrine/widget/vitrine.js')))
  const script = await listen(scriptPort, { 'access-control-allow-origin': '*' }, (path) =>
    readFile(join(dist, path)),
  )
  const shop = await listen(port, {}, async (path) => {
    if (path.startsWith('vitrine/')) return readFile(join(dist, path.slice('vitrine/'.length)))
    const file = await readFile(join(HERE, path), 'utf8')
    return file
      .replaceAll(WRITTEN.endpoint, endpoint)
      .replaceAll(WRITTEN.script, script.url)
      .replaceAll(WRITTEN.key, key)
  })
  const close = async () => {
    await Promise.all([shop.close(), script.close()])
  }
  return { url: shop.url, scriptUrl: script.url, close }
}

/**
 * @param {number} port
 * @param {Record<string, string>} headers
 * @param {(path: string) => Promise<string | Buffer>} read
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
async function listen(port, headers, read) {
  const server = createServer((request, response) => {
    // The parser resolves `..`, so no path leads out of the folder.
    const { pathname } = new URL(request.url ?? '/', 'http://shop')
    const path = pathname === '/' ? 'index.html' : decodeURIComponent(pathname.slice(1))
    const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(path))]
    const found = type && !path.includes('..') ? read(path) : Promise.reject(new Error('not served'))
    found.then(
      (body) => response.writeHead(200, { ...headers, 'content-type': type }).end(body),
      () => response.writeHead(404, headers).end('Not found\n'),
    )
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(undefined))
  })
  const { port: taken } = /** @type {import('node:net').AddressInfo} */ (server.address())
  const close = () =>
    new Promise((resolve) => {
      server.close(() => resolve(undefined))
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${taken}`, close: async () => void (await close()) }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8080' },
      'script-port': { type: 'string', default: '8788' },
      endpoint: { type: 'string', default: WRITTEN.endpoint },
    },
  })
  const shop = await serveShop({
    endpoint: values.endpoint,
    key: process.env.VITRINE_KEY ?? WRITTEN.key,
    port: Number(values.port),
    scriptPort: Number(values['script-port']),
  })
  console.log(
    `The shop: ${shop.url}/   under a strict policy: ${shop.url}/strict.html   the script: ${shop.scriptUrl}/vitrine.js`,
  )
}
