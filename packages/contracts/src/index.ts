/** Types and parsers that device and cloud share. Imports no other package of Vitrine, touches no DOM. */
export { canonicalJson } from './canonical-json.ts'
export { type DeltaStep, applyDelta, maxDeltaBytes, writeDelta } from './delta.ts'
export { ERROR_CODES, type ErrorCode, VitrineError, isVitrineError } from './errors.ts'
export {
  type BehaviorEvent,
  type BehaviorEventInput,
  EVENT_TYPES,
  type EventType,
  MAX_ID_LENGTH,
  eventTypeOf,
  parseEvent,
  parseEventInput,
} from './event.ts'
export { type CatalogueItem, parseItem } from './item.ts'
export {
  ARTIFACT_ROLES,
  type Artifact,
  type ArtifactRole,
  ENGINE_ARTIFACTS,
  type EngineName,
  MANIFEST_SCHEMA,
  type Manifest,
  artifactOf,
  parseManifest,
} from './manifest.ts'
export {
  type CloudRecommendRequest,
  type EraseRequest,
  type ErrorBody,
  type EventAck,
  type EventBatch,
  MAX_BATCH_EVENTS,
  MAX_RECENT_EVENTS,
  type Reason,
  type RecentEvent,
  type RecommendRequest,
  type RecommendResult,
  type RecommendedItem,
  type RollbackRequest,
  type Source,
  type Where,
  parseCloudRecommendRequest,
  parseErrorBody,
  parseEraseRequest,
  parseEventAck,
  parseEventBatch,
  parseRecommendRequest,
  parseRollbackRequest,
} from './request.ts'
export { type KeySet, type Signature, TRUSTED_KEY, signedText } from './signature.ts'
export {
  type FailureReportRequest,
  type RolloutRequest,
  parseFailureReport,
  parseRolloutRequest,
} from './rollout.ts'
export { type TokenAnswer, type TokenRequest, parseTokenAnswer, parseTokenRequest } from './token.ts'
