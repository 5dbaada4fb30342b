/** The recommender: history in, ranked and explained items out; and the formats of a model's artifacts. */
export type { HistoryEvent, Shopper } from './history.ts'
export { HISTORY_LENGTH, LONG_HISTORY } from './history.ts'
export {
  type LoadOptions,
  Model,
  type ModelParts,
  type Precision,
  type ShelvesModule,
  loadModel,
} from './model.ts'
export { type Scan, createScan } from './scan.ts'
export {
  type StoredStarter,
  type UnpackedStarter,
  loadStarter,
  unpackStarter,
  writeStarter,
} from './starter.ts'
export { rankNext, recommend } from './recommender.ts'
export { type Golden, type GoldenCase, type GoldenList, readGolden, writeGolden } from './golden.ts'
export { answerOf, selfTest } from './self-test.ts'
export { checkAnswers } from './check-answers.ts'
export { type Catalogue, itemAt, readCatalogue, writeCatalogue } from './catalogue.ts'
export { type Graph, type GraphSettings, type StoredGraph, readGraph, writeGraph } from './graph.ts'
export {
  type EmbeddingRows,
  type Embeddings,
  addRow,
  dotWithRow,
  readEmbeddings,
  writeEmbeddings,
} from './embeddings.ts'
export {
  type Encoder,
  type StoredEncoder,
  encodeHistory,
  readEncoder,
  readStoredEncoder,
  writeEncoder,
} from './encoder.ts'
export {
  type EncoderName,
  type EngineDevice,
  type EngineModule,
  type EngineOptions,
  type EngineShape,
  type InferenceEngine,
  createBuiltInEngine,
} from './engine.ts'
export { type LoadEngine, type StartEngineOptions, startEngine } from './engine-with-reserve.ts'
export {
  POPULARITY_SHARES,
  type Statistics,
  type StoredStatistics,
  priorOf,
  readStatistics,
  writeStatistics,
} from './statistics.ts'
export {
  type Reranker,
  type StoredReranker,
  foldNormalization,
  readReranker,
  scoreRow,
  scoreRows,
  writeReranker,
} from './reranker.ts'
export type { Layer, StoredNetwork } from './layers.ts'
// What training shares with the device, so that both count and compute the same.
export { type CandidateSettings, gatherFromGraph } from './candidates.ts'
export { chooseBest } from './choose.ts'
export { describeCandidates } from './ranking.ts'
export { CANDIDATE_FEATURE_COUNT, FEATURE_COUNT } from './feature-names.ts'
export { COLUMNS, FEATURE_NAMES, type FeatureName } from './context-names.ts'
export { contextOf } from './context.ts'
export type { Context, Evidence, EvidenceRows } from './features.ts'
export { Workspace } from './workspace.ts'
export { type HabitSettings, type Visit, scoreHabits } from './habits.ts'
export { HABIT_FEATURES, HABIT_FEATURE_COUNT, type HabitFeature, describeHabits } from './habit-features.ts'
export {
  HABIT_CANDIDATES,
  HABIT_POPULAR,
  type HabitNetwork,
  type HabitRecipe,
  chooseHabits,
  habitNetworkOf,
} from './habit-shelf.ts'
export { SIMILAR_CANDIDATES, type SimilarQuestion, anchorVector, scoreSimilar } from './similar.ts'
export {
  DEFAULT_SHELVES,
  type ShelfSettings,
  type SimilarSettings,
  type TrendSettings,
  readShelfSettings,
} from './shelf-settings.ts'
export { scoreTrend } from './trend.ts'
export { OBJECTIVES, type Objective } from './placements.ts'
