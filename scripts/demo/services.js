/** What the demo runs: the endpoint as its own process, the committed model published to it, the shop's pages. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { step } from '../progress.js'
import { ROOT, mustRun } from '../run-command.js'
import { newestRevision } from '../serving/model.js'
import { startStaticServer, strictPolicy } from '../serving/static-server.js'

const VITRINE = join(ROOT, 'tools', 'bin', 'vitrine.js')
const SHOP = join(ROOT, 'examples', 'shop', 'dist')

/**
 * @typedef {object} Demo
 * @property {string} url of the shop
 * @property {{ endpoint: string, key: string }} endpoint its address, and a key for pages of this machine
 * @property {import('../serving/model.js').Revision} model that is published
 * @property {readonly string[]} violations of the shop's policy that browsers reported
 * @property {Promise<Error>} crashed resolves when the endpoint ends by itself
 * @property {() => Promise<void>} goOffline shop and endpoint are gone, as for a shopper without a network
 * @property {() => Promise<void>} close
 */

/** @param {readonly string[]} args @param {NodeJS.ProcessEnv} [env] @returns {Promise<string>} what the command answers as JSON */
function vitrine(args, env = {}) {
  return mustRun(process.execPath, [VITRINE, ...args, '--json'], { output: 'keep', env })
}

/** @param {string} folder @param {readonly string[]} options @returns {Promise<{ key: string, id: string }>} */
async function createKey(folder, options) {
  /** @type {{ key: string, id: string }} */
  const { key, id } = JSON.parse(await vitrine(['keys', 'create', '--folder', folder, ...options]))
  return { key, id }
}

/** @param {string} folder @returns {Promise<{ url: string, crashed: Promise<Error>, close: () => Promise<void> }>} */
function startEndpoint(folder) {
  const args = [VITRINE, 'serve', '--folder', folder, '--port', '0', '--quiet', '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let isClosing = false
  /** @type {Promise<Error>} */
  const crashed = new Promise((resolve) => {
    child.once('error', resolve)
    child.once('exit', (code, signal) => {
      if (!isClosing) resolve(new Error(`The endpoint ended by itself (${signal ?? `code ${code}`}).`))
    })
  })
  const close = async () => {
    isClosing = true
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
  }
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      /** @type {{ url: string }} */
      const { url } = JSON.parse(line)
      resolve({ url, crashed, close })
    })
    void crashed.then(reject)
  })
}

/**
 * A publishable key for pages of this machine: made at the first start, kept beside the database, so that what
 * a browser kept of an earlier demo can still be sent.
 *
 * @param {string} folder @returns {Promise<string>}
 */
async function publishableKey(folder) {
  const file = join(folder, 'demo.json')
  if (existsSync(file)) {
    /** @type {{ key: string }} */
    const { key } = JSON.parse(readFileSync(file, 'utf8'))
    return key
  }
  const origins = 'http://127.0.0.1:*,http://localhost:*'
  const { key } = await createKey(folder, ['--kind', 'publishable', '--origins', origins])
  writeFileSync(file, JSON.stringify({ key }), { mode: 0o600 })
  return key
}

/** @param {string} folder @returns {Promise<{ file: string, trustedKeys: string[] }>} keys that sign the demo's models, made at the first start */
async function signingKeys(folder) {
  const file = join(folder, 'signing-keys.json')
  const command = existsSync(file) ? 'list' : 'create'
  /** @type {{ trustedKeys: string[] }} */
  const { trustedKeys } = JSON.parse(await vitrine(['keys', 'signing', command, file]))
  return { file, trustedKeys }
}

/** @param {string} folder @param {string} endpoint @param {string} revision its folder @param {string} signingKey its file @returns {Promise<void>} */
async function publish(folder, endpoint, revision, signingKey) {
  const { key, id } = await createKey(folder, ['--kind', 'secret'])
  const args = ['publish', revision, '--endpoint', endpoint, '--signing-key', signingKey]
  await vitrine(args, { VITRINE_KEY: key })
  // A secret key that nobody needs any more is one that nobody can steal.
  await vitrine(['keys', 'revoke', id, '--folder', folder])
}

/** @param {import('../serving/static-server.js').StaticOptions} options @param {boolean} mayMove */
async function openShop(options, mayMove) {
  try {
    return await startStaticServer(options)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE') throw error
    if (mayMove) return startStaticServer({ ...options, port: 0 })
    throw new Error(`Port ${options.port} is taken; name another with \`npm run demo -- --port N\`.`, {
      cause: error,
    })
  }
}

/**
 * Starts everything.
 *
 * @param {{ port: number, mayMove: boolean, temporary?: boolean }} options `mayMove`: another port will do;
 * `temporary`: the database goes when the demo ends
 * @returns {Promise<Demo>}
 */
export async function startDemo({ port, mayMove, temporary = false }) {
  const model = newestRevision()
  const folder = temporary ? mkdtempSync(join(tmpdir(), 'vitrine-demo-')) : join(ROOT, '.vitrine')
  mkdirSync(folder, { recursive: true })
  const endpoint = await step('Endpoint', () => startEndpoint(folder))
  /** @type {import('../serving/static-server.js').StaticServer | undefined} */
  let shop
  const goOffline = async () => {
    await shop?.close()
    await endpoint.close()
  }
  const close = async () => {
    await goOffline()
    if (temporary) rmSync(folder, { recursive: true })
  }
  try {
    const key = await publishableKey(folder)
    const { file, trustedKeys } = await signingKeys(folder)
    await step(`Model ${model.id} ${model.revision}`, () => publish(folder, endpoint.url, model.folder, file))
    shop = await step('Shop', () =>
      openShop(
        {
          folders: { '/': SHOP },
          singlePage: true,
          policy: strictPolicy([endpoint.url]),
          documents: { '/config.json': { endpoint: endpoint.url, key, model: model.id, trustedKeys } },
          port,
        },
        mayMove,
      ),
    )
    const { url, violations } = shop
    return {
      url: `${url}/`,
      endpoint: { endpoint: endpoint.url, key },
      model,
      violations,
      crashed: endpoint.crashed,
      goOffline,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
