/** Vitrine's thin endpoint. This entry uses web standards only; `@vitrine/cloud/node` runs it on Node. */
export { type ArtifactInfo, type ArtifactStore, type Encoding, type ReadOptions } from './artifacts/store.ts'
export { type Asset, type FindAsset } from './assets/assets.ts'
export { type NewKey, createKey, revokeKey } from './auth/keys.ts'
export { RATE_LIMITS, type RateLimit, type RateLimits } from './auth/rate-limits.ts'
export { type Gunzip } from './body.ts'
export { type Handler, type HandlerOptions, HALT_RULE, createHandler } from './handler.ts'
export { type Logger, silentLogger } from './logger.ts'
export { type Metrics, createMetrics } from './metrics.ts'
export {
  type AppendResult,
  type EventCursor,
  type FailureReport,
  type HaltRule,
  type KeyKind,
  type KeyRecord,
  type NewEvents,
  type PublishedRevision,
  type ReadEvents,
  type Rollout,
  type Store,
  type StoredDelta,
  type StoredEvent,
  type StoredRevision,
} from './stores/store.ts'
