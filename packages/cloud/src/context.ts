/** What routes share: the parts that the handler was made of, and what middleware found out about a request. */
import type { Env } from 'hono'
import type { ErrorCode } from '@vitrine/contracts'
import type { ArtifactStore } from './artifacts/store.ts'
import type { Admit } from './auth/rate-limits.ts'
import type { Tokens } from './auth/tokens.ts'
import type { Gunzip, JsonBody } from './body.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { LoadedModels } from './recommend/loaded-models.ts'
import type { HaltRule, KeyRecord, Store } from './stores/store.ts'

/** The parts of a handler. */
export interface Parts {
  store: Store
  artifacts: ArtifactStore
  models: LoadedModels
  metrics: Metrics
  logger: Logger
  /** Reads a JSON body within its limits. */
  readJson: (request: Request) => Promise<JsonBody>
  gunzip: Gunzip
  tokens: Tokens
  limits: { key: Admit; device: Admit }
  haltRule: HaltRule
  /** Unix ms. */
  clock: () => number
  /** Largest artifact that may be uploaded, in bytes. */
  maxArtifactBytes: number
}

/** Hono's typing of `c.var`. */
export interface HandlerEnv extends Env {
  Variables: {
    /** Set when the request was refused. */
    refused?: { code: ErrorCode; error: Error }
    /** Set by `authenticate`. */
    key?: KeyRecord
    /** Set by `authenticate` when the device proved who it is. */
    device?: string
    /** Seconds to wait, set when a rate limit refused. */
    retryAfter?: number
  }
}
