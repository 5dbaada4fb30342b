/**
 * @vitrine/tools/training: training of the session encoder where there is no Node, such as a browser with a GPU, on
 * TensorFlow.js. What it writes goes into `vitrine train --encoder-weights`.
 */
export { readLog } from './data/read-log.ts'
export { encodeWeights } from './train/encoder-weights.ts'
export { recipeFor, trainEncoders } from './train/train-encoders.ts'
export { trainOnTensors } from './train/train-on-tensors.ts'
export type { SessionLog } from './data/collect-sessions.ts'
export type { EncoderWeights } from './train/encoder-weights.ts'
export type { SessionModel } from './train/session-model.ts'
export type { SessionRecipe } from './train/session-recipe.ts'
export type { Sessions } from './train/sessions.ts'
export type { TensorTrainingOptions } from './train/train-on-tensors.ts'
export type { EncoderInput, EncoderOptions, EncoderProgress } from './train/train-encoders.ts'
