/** Training: sessions in, a revision's bytes out. */
export { trainModel } from './train-model.ts'
export { readRevision, writeRevision } from './revision-folder.ts'
export type { Revision, Sessions, TrainInput, TrainProgress, TrainedModel } from './types.ts'
