/** The endpoint as one function from Request to Response: parts in, routes out. */
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { secureHeaders } from 'hono/secure-headers'
import { VitrineError } from '@vitrine/contracts'
import type { ArtifactStore } from './artifacts/store.ts'
import type { FindAsset } from './assets/assets.ts'
import { RATE_LIMITS, type RateLimit, type RateLimits, createRateLimit } from './auth/rate-limits.ts'
import { createTokens } from './auth/tokens.ts'
import { type Gunzip, gunzipByStream, readJson } from './body.ts'
import type { HandlerEnv, Parts } from './context.ts'
import { type Logger, silentLogger } from './logger.ts'
import { type Metrics, createMetrics } from './metrics.ts'
import { observe, refuse } from './observe.ts'
import { createLoadedModels } from './recommend/loaded-models.ts'
import { artifactRoutes } from './routes/artifacts.ts'
import { assetRoutes } from './routes/assets.ts'
import { deltaRoutes } from './routes/deltas.ts'
import { eventRoutes } from './routes/events.ts'
import { exportRoutes } from './routes/export.ts'
import { modelRoutes } from './routes/models.ts'
import { operationRoutes } from './routes/operations.ts'
import { recommendRoutes } from './routes/recommend.ts'
import { rolloutRoutes } from './routes/rollouts.ts'
import { tokenRoutes } from './routes/tokens.ts'
import type { HaltRule, Store } from './stores/store.ts'
import { VERSION } from './version.ts'

/** What a handler is made of. */
export interface HandlerOptions {
  store: Store
  artifacts: ArtifactStore
  /** Missing: nothing is logged. */
  logger?: Logger
  /** Missing: a set of its own. */
  metrics?: Metrics
  /** Unix ms. */
  clock?: () => number
  /** Largest artifact that may be uploaded, in bytes. Missing: 64 MiB. */
  maxArtifactBytes?: number
  /** Missing: by DecompressionStream, which every runtime has. */
  gunzip?: Gunzip
  /** How many models `POST /v1/recommend` keeps in memory. Missing: 4. */
  maxLoadedModels?: number
  /** Files served under `/widget/`. Missing: none. */
  assets?: FindAsset
  /** When devices that fail halt a rollout. Missing: {@link HALT_RULE}. */
  haltRule?: HaltRule
  /** Missing: {@link RATE_LIMITS}. */
  rateLimits?: RateLimits
}

/** Five devices, and one in twenty of those that were handed the candidate. */
export const HALT_RULE: HaltRule = { devices: 5, share: 0.05 }

const SECURITY = {
  // Pages of other origins are the very clients of this endpoint, isolated ones included.
  crossOriginResourcePolicy: 'cross-origin',
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  // For whoever terminates TLS in front to decide.
  strictTransportSecurity: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
}

/** Content security policy of data, should a browser ever be led to show it. */
const NOTHING = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }

/** The endpoint. */
export interface Handler {
  /** Answers a request; never rejects. */
  fetch(request: Request): Promise<Response>
  /** Refuses new requests with 503, waits for those under way, then closes the store. */
  close(): Promise<void>
}

/**
 * Creates the endpoint. It uses web standards only, so it runs wherever its store and artifacts do.
 *
 * @example
 * ```ts
 * const handler = createHandler({ store, artifacts })
 * const response = await handler.fetch(new Request('https://edge.shop.example/health'))
 * ```
 */
export function createHandler({
  store,
  artifacts,
  logger = silentLogger,
  metrics = createMetrics(VERSION),
  clock = Date.now,
  maxArtifactBytes = 64 * 2 ** 20,
  gunzip = gunzipByStream,
  maxLoadedModels = 4,
  assets,
  haltRule = HALT_RULE,
  rateLimits = RATE_LIMITS,
}: HandlerOptions): Handler {
  const limitOf = (limit: RateLimit | undefined) => (limit ? createRateLimit(limit, { clock }) : () => 0)
  const models = createLoadedModels(artifacts, { capacity: maxLoadedModels })
  const parts: Parts = {
    store,
    artifacts,
    models,
    logger,
    metrics,
    readJson: (request) => readJson(request, { gunzip }),
    clock,
    maxArtifactBytes,
    gunzip,
    haltRule,
    tokens: createTokens(store, { clock }),
    limits: { key: limitOf(rateLimits.perKey), device: limitOf(rateLimits.perDevice) },
  }
  const app = new Hono<HandlerEnv>()
  const underWay = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined

  app.use(observe(parts))
  app.use(secureHeaders(SECURITY))
  // Not for scripts: a worker would take the policy of its own file.
  app.use('/v1/*', secureHeaders({ ...SECURITY, contentSecurityPolicy: NOTHING }))
  app.use(async (_, next) => {
    if (closed) throw new VitrineError('UNAVAILABLE', 'the endpoint is shutting down; repeat')
    await next()
  })
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        const allow = methods.join(', ')
        const error = new VitrineError(
          'METHOD_NOT_ALLOWED',
          `this address takes ${allow}, not ${c.req.method}`,
        )
        const response = refuse(error, c)
        response.headers.set('Allow', allow)
        return response
      },
    }),
  )
  app.route('/', operationRoutes(parts))
  app.route('/v1', eventRoutes(parts))
  app.route('/v1', exportRoutes(parts))
  app.route('/v1', recommendRoutes(parts))
  app.route('/v1', tokenRoutes(parts))
  app.route('/v1/models', modelRoutes(parts))
  app.route('/v1/models', rolloutRoutes(parts))
  app.route('/v1/artifacts', artifactRoutes(parts))
  app.route('/v1/deltas', deltaRoutes(parts))
  if (assets) app.route('/widget', assetRoutes(assets))
  app.notFound((c) => refuse(new VitrineError('NOT_FOUND', 'there is nothing at this address'), c))
  app.onError((error, c) => refuse(error, c))

  async function answer(request: Request): Promise<Response> {
    const work = Promise.resolve(app.fetch(request))
    underWay.add(work)
    try {
      return await work
    } finally {
      underWay.delete(work)
    }
  }

  async function finish(): Promise<void> {
    await Promise.allSettled(underWay)
    await models.close()
    await store.close()
  }

  return { fetch: answer, close: () => (closed ??= finish()) }
}
