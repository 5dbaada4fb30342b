/** @vitrine/sdk: recommendations computed in the shopper's own browser. */
export { type ChangeListener, type RecommendCall, type Recommender, createRecommender } from './client.ts'
export type { RecommenderOptions } from './options.ts'
export type { Consent, ConsentSource } from './behavior/consent.ts'
export type { Diagnostics, Latency, RecordedError, WorkerHost } from './diagnostics.ts'
export type { EngineAddress, EngineAddresses } from './models/engine.ts'
export type { Progress } from './models/revision.ts'
export type { UpdateResult } from './models/active.ts'
export type { StorageStatus } from './storage/database.ts'
export { VitrineError } from '@vitrine/contracts'
export { isCoded as isVitrineError } from './coded.ts'
export type {
  BehaviorEventInput,
  CatalogueItem,
  ErrorCode,
  EventType,
  Reason,
  RecommendRequest,
  RecommendResult,
  RecommendedItem,
  Source,
  Where,
} from '@vitrine/contracts'
export type { KernelDevice } from '@vitrine/kernels'
export { VERSION } from './version.ts'
