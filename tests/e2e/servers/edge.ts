/** A real endpoint on a free port, its database in a temporary folder, and tenants that know nothing of each other. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKey, silentLogger } from '@vitrine/cloud'
import { openFolder, serve } from '@vitrine/cloud/node'
import { ROOT, mustRun } from '../../../scripts/run-command.js'

/** An event as the endpoint stored it. */
type StoredEvents = Awaited<ReturnType<ReturnType<typeof openFolder>['store']['readEvents']>>

/** One shop's account. */
export interface Tenant {
  /** Publishable key for pages of the origin that the tenant was made for. */
  key: string
  /** Uploads a revision folder with the `vitrine` command, as a merchant does; `options` are the command's. */
  publish(folder: string, ...options: string[]): Promise<void>
  /** Puts bytes or JSON at a path of the endpoint, with the tenant's secret key. */
  put(path: string, body: Uint8Array<ArrayBuffer> | object): Promise<void>
  events(): Promise<StoredEvents>
}

/** A running endpoint. */
export interface Edge {
  /** Without a slash at the end. */
  url: string
  /** `needsToken`: its devices have to prove who they are. */
  newTenant(origin: string, options?: { needsToken?: boolean }): Promise<Tenant>
  close(): Promise<void>
}

const VITRINE = join(ROOT, 'tools', 'bin', 'vitrine.js')

/** Served to pages with a script tag, as a merchant's endpoint does. */
const WIDGET = join(ROOT, 'packages', 'widget', 'dist')

/** More than any scenario sends. */
const MOST_EVENTS = 1_000_000

/** Starts an endpoint in this process. */
export async function startEdge(): Promise<Edge> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-e2e-'))
  const server = await serve({ folder, port: 0, logger: silentLogger, assets: WIDGET })
  const { store } = openFolder(folder)
  let tenants = 0
  return {
    url: server.url,
    async newTenant(origin, { needsToken = false } = {}) {
      const tenant = `shop-${++tenants}`
      const publishable = await createKey(store, {
        kind: 'publishable',
        tenant,
        origins: [origin],
        needsToken,
      })
      const secret = await createKey(store, { kind: 'secret', tenant })
      return {
        key: publishable.key,
        async publish(revision, ...options) {
          const args = [VITRINE, 'publish', revision, '--endpoint', server.url, '--json', ...options]
          await mustRun(process.execPath, args, { output: 'keep', env: { VITRINE_KEY: secret.key } })
        },
        async put(path, body) {
          const { status } = await fetch(server.url + path, {
            method: 'PUT',
            headers: { authorization: `Bearer ${secret.key}` },
            body: body instanceof Uint8Array ? body : JSON.stringify(body),
          })
          if (status > 201) throw new Error(`PUT ${path} was answered with ${status}`)
        },
        events: () => store.readEvents(tenant, { limit: MOST_EVENTS }),
      }
    },
    async close() {
      await server.close()
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}
