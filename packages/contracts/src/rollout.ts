/** Requests about which devices run which revision. */
import * as v from './schema.ts'
import { shortTextSchema } from './event.ts'
import { parseWith } from './parse.ts'

/** `POST /v1/models/:id/rollout`: makes a published revision the candidate for a share of the devices. */
export interface RolloutRequest {
  revision: string
  /** 0 to 1. */
  share: number
}

/** `POST /v1/models/:id/reports`: this device cannot use this revision, and stays on the one it has. */
export interface FailureReportRequest {
  device: string
  revision: string
  /** Code of the error that the device met, e.g. `SELF_TEST_FAILED`. */
  code: string
}

const rolloutSchema: v.Schema<RolloutRequest> = v.strictObject({
  revision: shortTextSchema,
  share: v.pipe(
    v.number,
    v.check((share) => share >= 0, '>=0'),
    v.check((share) => share <= 1, '<=1'),
  ),
})

const reportSchema: v.Schema<FailureReportRequest> = v.strictObject({
  device: v.pipe(v.string, v.regex(/^[0-9a-f]{32}$/u)),
  revision: shortTextSchema,
  code: v.pipe(v.string, v.regex(/^[A-Z][A-Z_]{2,39}$/u)),
})

/** Parses a request to roll out. @throws `VitrineError('INVALID_REQUEST')`. */
export function parseRolloutRequest(input: unknown): RolloutRequest {
  return parseWith(rolloutSchema, input, 'INVALID_REQUEST', 'rollout request')
}

/** Parses a device's report. @throws `VitrineError('INVALID_REQUEST')`. */
export function parseFailureReport(input: unknown): FailureReportRequest {
  return parseWith(reportSchema, input, 'INVALID_REQUEST', 'failure report')
}
