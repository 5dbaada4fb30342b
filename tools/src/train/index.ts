/** Training: sessions in, a revision's bytes out. */
export { trainModel } from './train-model.ts'
export { withStarter } from './pack-revision.ts'
export { MAX_STARTER_BYTES, transferred } from './starter.ts'
export { copyRevision, readRevision, writeRevision } from './revision-folder.ts'
export type { Sessions } from './sessions.ts'
export type { Revision, TrainInput, TrainProgress, TrainedModel } from './types.ts'
