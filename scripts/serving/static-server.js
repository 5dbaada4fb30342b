/** Serves folders of static files as a shop's own server would: strict CSP, right types, no surprises. */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { constants, createBrotliCompress } from 'node:zlib'

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
}
const COMPRESSED = /^(text|application\/(json|wasm|manifest))|svg/u
const MAX_REPORT_BYTES = 16_384

/** Where a browser reports what the policy stopped. */
const REPORT_PATH = '/csp-reports'

/**
 * A policy with nothing that a strict shop would refuse: scripts and workers from the own origin only, WASM
 * allowed, no inline code, no inline styles, no eval.
 *
 * @param {readonly string[]} endpoints origins that the page may call
 * @param {{ scripts?: readonly string[], workers?: readonly string[] }} [more] sources beside the page's own origin
 * @returns {string}
 */
export function strictPolicy(endpoints, { scripts = [], workers = [] } = {}) {
  return [
    "default-src 'none'",
    `script-src ${["'self'", "'wasm-unsafe-eval'", ...scripts].join(' ')}`,
    `worker-src ${["'self'", ...workers].join(' ')}`,
    `connect-src 'self' ${endpoints.join(' ')}`.trim(),
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    // Where the browser knows Trusted Types, not even own code may turn a string into a script.
    "require-trusted-types-for 'script'",
    'trusted-types vitrine shop',
    `report-uri ${REPORT_PATH}`,
  ].join('; ')
}

/**
 * @typedef {object} StaticOptions
 * @property {Readonly<Record<string, string>>} folders URL prefix (`/`, `/sdk/`) to folder on disk
 * @property {string} [policy] value of Content-Security-Policy; none without
 * @property {Readonly<Record<string, string>>} [headers] sent with every answer
 * @property {Readonly<Record<string, object | string>>} [documents] by path, in place of a file: JSON, or a page's HTML
 * @property {boolean} [singlePage] answers navigation to an unknown path with `/index.html`
 * @property {number} [port] default: any that is free
 */

/**
 * @typedef {object} StaticServer
 * @property {string} url without a slash at the end
 * @property {string[]} violations bodies of the policy reports that browsers sent
 * @property {() => Promise<void>} close ends open connections too
 */

/** @param {StaticOptions['folders']} folders @param {string} path @returns {string | undefined} file on disk */
function findFile(folders, path) {
  const prefixes = Object.keys(folders).toSorted((a, b) => b.length - a.length)
  const prefix = prefixes.find((candidate) => path.startsWith(candidate))
  const folder = prefix === undefined ? undefined : folders[prefix]
  if (prefix === undefined || folder === undefined) return undefined
  const root = normalize(folder + sep)
  const file = join(root, path.slice(prefix.length), path.endsWith('/') ? 'index.html' : '')
  // `..` in any disguise ends outside of the folder.
  if (!file.startsWith(root) || file.includes('\0')) return undefined
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined
}

/** @param {string | undefined} url @returns {string | undefined} decoded path, or `undefined` when it is not one */
function pathOf(url) {
  try {
    return decodeURIComponent(new URL(url ?? '/', 'http://localhost').pathname)
  } catch (error) {
    if (error instanceof URIError || error instanceof TypeError) return undefined
    throw error
  }
}

/**
 * Starts serving.
 *
 * @param {StaticOptions} options
 * @returns {Promise<StaticServer>}
 */
export function startStaticServer({
  folders,
  policy,
  headers = {},
  documents = {},
  singlePage = false,
  port = 0,
}) {
  /** @type {string[]} */
  const violations = []

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  const answer = (request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (policy !== undefined) response.setHeader('content-security-policy', policy)
    response.setHeader('x-content-type-options', 'nosniff')
    const path = pathOf(request.url)
    if (request.method === 'POST' && path === REPORT_PATH) {
      collect(request, violations)
      response.writeHead(204).end()
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
      return
    }
    const document = path === undefined ? undefined : documents[path]
    if (document !== undefined) {
      const isPage = typeof document === 'string'
      response.writeHead(200, {
        'content-type': TYPES[isPage ? '.html' : '.json'],
        'cache-control': 'no-cache',
      })
      response.end(isPage ? document : JSON.stringify(document))
      return
    }
    let file = path === undefined ? undefined : findFile(folders, path)
    const navigation = request.headers.accept?.includes('text/html') === true
    if (file === undefined && singlePage && navigation) file = findFile(folders, '/index.html')
    if (file === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such file.\n')
      return
    }
    sendFile(file, request, response)
  }

  const server = createServer(answer)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const taken = typeof address === 'object' && address ? address.port : port
      resolve({
        url: `http://127.0.0.1:${taken}`,
        violations,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}

/** @param {string} file @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
function sendFile(file, request, response) {
  const type = TYPES[extname(file)] ?? 'application/octet-stream'
  const takesBrotli = request.headers['accept-encoding']?.includes('br') === true
  // A shop's build may have compressed it already, as well as can be.
  const isReady = takesBrotli && statSync(`${file}.br`, { throwIfNoEntry: false })?.isFile() === true
  const compress = !isReady && takesBrotli && COMPRESSED.test(type)
  response.writeHead(200, {
    'content-type': type,
    // Names with a hash of the content, as bundlers write them, never change what they mean.
    'cache-control': /-[\w-]{8,}\.\w+$/u.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...((isReady || compress) && { 'content-encoding': 'br' }),
    vary: 'accept-encoding',
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const stream = createReadStream(isReady ? `${file}.br` : file)
  // The file is there; what can go wrong now is the disk or a visitor who left.
  stream.once('error', () => response.destroy())
  response.once('close', () => stream.destroy())
  if (compress) {
    // Quality 5 is quick enough to do on every request.
    stream.pipe(createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })).pipe(response)
  } else {
    stream.pipe(response)
  }
}

/** @param {import('node:http').IncomingMessage} request @param {string[]} into @returns {void} */
function collect(request, into) {
  let body = ''
  request.on('data', (chunk) => {
    if (body.length < MAX_REPORT_BYTES) body += String(chunk)
  })
  request.on('end', () => into.push(body))
}
