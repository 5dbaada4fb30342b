/** A real endpoint in a temporary folder, asked by `handler.fetch(new Request(…))`, with keys of two tenants. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Manifest } from '@vitrine/contracts'
import { createKey } from '../src/auth/keys.ts'
import { type Handler, type HandlerOptions, createHandler } from '../src/handler.ts'
import { createMetrics, type Metrics } from '../src/metrics.ts'
import { openFolder } from '../src/node.ts'
import type { Store } from '../src/stores/store.ts'
import { hashOf } from './artifact-conformance.ts'

/** The pages of tenant a. */
export const ORIGIN = 'https://a.example'

/** What a request may carry beside its address. */
export interface Ask {
  method?: string
  key?: string | undefined
  json?: unknown
  body?: BodyInit
  headers?: Record<string, string>
}

/** An endpoint and what a test wants of it. */
export interface Endpoint {
  handler: Handler
  store: Store
  metrics: Metrics
  folder: string
  keys: { a: string; b: string; aSecret: string; bSecret: string }
  ask(path: string, ask?: Ask): Promise<Response>
  /** Status and error code in one word, e.g. `403 FORBIDDEN`, or the status alone. */
  outcome(path: string, ask?: Ask): Promise<string>
  stop(): Promise<void>
}

/** Starts one. */
export async function startEndpoint(options: Partial<HandlerOptions> = {}): Promise<Endpoint> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-endpoint-'))
  const { store, artifacts } = openFolder(folder)
  const metrics = createMetrics('0')
  const handler = createHandler({ store, artifacts, metrics, ...options })
  const publishable = async (tenant: string) => {
    const origins = [`https://${tenant}.example`, 'http://localhost:*']
    return (await createKey(store, { kind: 'publishable', tenant, origins })).key
  }
  const secret = async (tenant: string) => (await createKey(store, { kind: 'secret', tenant })).key

  async function ask(
    path: string,
    { method = 'GET', key, json, body, headers }: Ask = {},
  ): Promise<Response> {
    const content = json === undefined ? body : JSON.stringify(json)
    const request = new Request(`http://edge.test${path}`, {
      method,
      headers: { ...(key && { Authorization: `Bearer ${key}` }), ...headers },
      ...(content !== undefined && { body: content }),
    })
    return handler.fetch(request)
  }

  async function outcome(path: string, asked?: Ask): Promise<string> {
    const response = await ask(path, asked)
    const text = await response.text()
    if (response.status < 400) return String(response.status)
    const { error } = JSON.parse(text) as { error: { code: string } }
    return `${response.status} ${error.code}`
  }

  return {
    handler,
    store,
    metrics,
    folder,
    keys: {
      a: await publishable('a'),
      b: await publishable('b'),
      aSecret: await secret('a'),
      bSecret: await secret('b'),
    },
    ask,
    outcome,
    stop: async () => {
      await handler.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** A manifest of one artifact with this content. */
export function manifestOf(content: Uint8Array, fields: Partial<Manifest> = {}): Manifest {
  const sha256 = hashOf(content)
  return {
    schema: 1,
    id: 'shop',
    revision: `r-${sha256.slice(0, 8)}`,
    createdAt: '2026-11-01T00:00:00.000Z',
    items: 1,
    dimension: 16,
    artifacts: [{ role: 'catalogue', sha256, bytes: content.byteLength, dtype: 'json', shape: [] }],
    ...fields,
  }
}

/** Uploads the artifact and the manifest. */
export async function publish(
  endpoint: Endpoint,
  key: string,
  content: Uint8Array,
  id = 'shop',
): Promise<Manifest> {
  const manifest = manifestOf(content, { id })
  const { sha256 } = manifest.artifacts[0]!
  for (const [path, ask] of [
    [`/v1/artifacts/${sha256}`, { body: content as Uint8Array<ArrayBuffer> }],
    [`/v1/models/${id}/manifest`, { json: manifest }],
  ] as const) {
    const response = await endpoint.ask(path, { method: 'PUT', key, ...ask })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  return manifest
}
