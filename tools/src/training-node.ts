/** @vitrine/tools/training-node: training of the session encoder in Node, by WASM numerics on a thread of its own. */
export { trainSessionEncoder } from './train/train-session-encoder.ts'
export type { SessionTrainingOptions } from './train/train-session-encoder.ts'
