/** Runs the endpoint on Node: SQLite and the disk in one folder, or PostgreSQL and object storage. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { pino } from 'pino'
import { collectDefaultMetrics } from 'prom-client'
import { VitrineError } from '@vitrine/contracts'
import { openDiskArtifacts } from './artifacts/disk.ts'
import type { ArtifactStore } from './artifacts/store.ts'
import { openAssetFolder } from './assets/folder.ts'
import { RATE_LIMITS, type RateLimits } from './auth/rate-limits.ts'
import { gunzipByZlib } from './gunzip.ts'
import { HALT_RULE, createHandler } from './handler.ts'
import type { Logger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { openSqliteStore } from './stores/sqlite.ts'
import type { HaltRule, Store } from './stores/store.ts'
import { VERSION } from './version.ts'

export { openAssetFolder, openDiskArtifacts, openSqliteStore }

/** Where an endpoint keeps everything unless told otherwise. */
export const DEFAULT_FOLDER = '.vitrine'
const DATABASE = 'vitrine.db'
const ARTIFACTS = 'artifacts'

/** How long a shutdown waits for requests under way before it cuts their connections. */
const SHUTDOWN_GRACE_MS = 10_000
const IDLE_CHECK_MS = 50

/**
 * Opens the store and the artifacts of a folder: `vitrine.db` and `artifacts/`. Several processes may do so at once.
 *
 * @throws `VitrineError('STORAGE_FAILED')` when the database cannot be opened.
 */
export function openFolder(folder: string = DEFAULT_FOLDER): { store: Store; artifacts: ArtifactStore } {
  return {
    store: openSqliteStore(join(folder, DATABASE)),
    artifacts: openDiskArtifacts(join(folder, ARTIFACTS)),
  }
}

/** Where an endpoint keeps what. */
export interface StorageOptions {
  /** Holds what is not said to lie elsewhere. Missing: {@link DEFAULT_FOLDER}. */
  folder?: string
  /** `postgres://user:password@host:5432/name`, for several replicas. Missing: SQLite in the folder. */
  database?: string
  /** `s3://bucket/prefix`, for several replicas, or a folder. Missing: `artifacts/` in the folder. */
  artifacts?: string
  /** Holds the AWS_* variables of object storage. Missing: this process's. */
  env?: Readonly<Record<string, string | undefined>>
}

/**
 * Opens a store and artifacts. PostgreSQL's driver and S3's are loaded only where they are asked for.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` for a database of another kind, `STORAGE_FAILED` when it cannot be opened.
 */
export async function openStorage({
  folder = DEFAULT_FOLDER,
  database,
  artifacts,
  env = process.env,
}: StorageOptions = {}): Promise<{ store: Store; artifacts: ArtifactStore }> {
  if (database !== undefined && !/^postgres(ql)?:\/\//u.test(database)) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      'the database is no postgres:// URL; leave it out for SQLite in the folder',
    )
  }
  const opened = artifacts?.startsWith('s3:')
    ? await openBucket(artifacts, env)
    : openDiskArtifacts(artifacts ?? join(folder, ARTIFACTS))
  if (database === undefined) return { store: openSqliteStore(join(folder, DATABASE)), artifacts: opened }
  const { openPostgresStore } = await import('./stores/postgres.ts')
  return { store: await openPostgresStore(database), artifacts: opened }
}

async function openBucket(address: string, env: StorageOptions['env'] & object): Promise<ArtifactStore> {
  const { openS3Artifacts, s3OptionsOf } = await import('./artifacts/s3.ts')
  return openS3Artifacts(s3OptionsOf(address, env))
}

/** How to serve. */
export interface ServeOptions extends StorageOptions {
  /** Missing: 8787. 0 takes any free port. */
  port?: number
  /** Missing: 127.0.0.1. A container wants 0.0.0.0. */
  host?: string
  /** Folder of files to serve under `/widget/`, e.g. the widget package's `dist`. Missing: none. */
  assets?: string
  /** Missing: {@link RATE_LIMITS}; `{}` limits nothing. */
  rateLimits?: RateLimits
  /** When devices that fail halt a rollout. Missing: {@link HALT_RULE}. */
  haltRule?: HaltRule
  /** Missing: pino on standard output. */
  logger?: Logger
  /** Aborting it shuts down as `close()` does. */
  signal?: AbortSignal
}

/** A server that listens. */
export interface RunningServer {
  /** E.g. `http://127.0.0.1:8787`, without a slash at the end. */
  url: string
  /** Takes no new connections, finishes the requests under way, closes the store. */
  close(): Promise<void>
}

/**
 * Serves a folder until closed.
 *
 * @throws `VitrineError('STORAGE_FAILED')` when the database cannot be opened, `UNAVAILABLE` when the port is taken.
 * @example
 * ```ts
 * const server = await serve({ folder: '.vitrine', port: 8787 })
 * console.log(server.url)
 * ```
 */
export async function serve({
  port = 8787,
  host = '127.0.0.1',
  assets,
  rateLimits = RATE_LIMITS,
  haltRule = HALT_RULE,
  logger = pino(),
  signal,
  ...storage
}: ServeOptions = {}): Promise<RunningServer> {
  signal?.throwIfAborted()
  const { store, artifacts } = await openStorage(storage)
  const metrics = createMetrics(VERSION)
  collectDefaultMetrics({ register: metrics.registry })
  const handler = createHandler({
    store,
    artifacts,
    metrics,
    logger,
    gunzip: gunzipByZlib,
    rateLimits,
    haltRule,
    ...(assets !== undefined && { assets: openAssetFolder(assets) }),
  })
  const server = createAdaptorServer({ fetch: (request) => handler.fetch(request) }) as Server
  try {
    await listen(server, port, host)
  } catch (error) {
    await store.close()
    throw new VitrineError('UNAVAILABLE', `cannot listen on ${host}:${port}; name another port`, {
      cause: error,
    })
  }

  let closing: Promise<void> | undefined
  async function shutDown(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    // A connection that a client keeps alive falls idle only after its answer: look again until all are gone.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS)
    const cut = setTimeout(() => server.closeAllConnections(), SHUTDOWN_GRACE_MS)
    await closed
    clearInterval(idle)
    clearTimeout(cut)
    await handler.close()
    logger.info({}, 'endpoint closed')
  }
  const close = () => (closing ??= shutDown())
  signal?.addEventListener(
    'abort',
    () => {
      close().catch((error: unknown) => logger.error({ err: error }, 'endpoint did not close cleanly'))
    },
    { once: true },
  )

  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`
  logger.info({ url, version: VERSION }, 'endpoint listens')
  return { url, close }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
