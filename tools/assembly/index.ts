/** The numerics of training: gradients of the session encoder and of the ranker, in float32 SIMD. */
export { gemm } from './gemm'
export { seedRandom } from './random'
export {
  computeGradient,
  corrections,
  draws,
  embeddings,
  events,
  firstPlaces,
  forgetGradient,
  gradientOfItem,
  order,
  placeSessionTables,
  positionSlopes,
  positions,
  progress,
  startSessionTraining,
  takeSessionSteps,
  targetPlaces,
  weightSlopes,
  weights,
} from './session-training'
export {
  candidates,
  caseOffsets,
  caseOrder,
  targetShares,
  computeRankerGradient,
  hiddenSlopes,
  hiddenWeights,
  outputSlopes,
  outputWeights,
  placeRankerTables,
  takeRankerSteps,
} from './ranker-training'
