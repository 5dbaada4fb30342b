/** Training: sessions in, a revision's bytes out. */
export { trainModel } from './train-model.ts'
export { FULL_PRECISION_FOLDER, readRevision, writeRevision } from './revision-folder.ts'
export type {
  QuantizationError,
  Revision,
  Sessions,
  StageMetrics,
  TrainInput,
  TrainOptions,
  TrainProgress,
  TrainReport,
  TrainedModel,
  TuningTrial,
} from './types.ts'
