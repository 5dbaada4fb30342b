/** The one error class of Vitrine, and every code it can carry. */

/**
 * Every error code. Each has a heading in `docs/errors.md` that says when it occurs and what to do;
 * a test keeps the two lists equal.
 */
export const ERROR_CODES = [
  // What arrives from outside and does not parse.
  'INVALID_EVENT',
  'INVALID_ITEM',
  'INVALID_MANIFEST',
  'INVALID_REQUEST',
  'INVALID_RESPONSE',
  'INVALID_OPTIONS',
  // Models and their artifacts.
  'MODEL_NOT_FOUND',
  'MODEL_UNSUPPORTED',
  'ARTIFACT_NOT_FOUND',
  'ARTIFACT_CORRUPT',
  'SELF_TEST_FAILED',
  'ENGINE_FAILED',
  'SIGNATURE_INVALID',
  'REVISION_TOO_OLD',
  'REVISION_TOO_NEW',
  'REVISION_EXPIRED',
  // The device.
  'WORKER_FAILED',
  'STORAGE_FAILED',
  'QUOTA_EXCEEDED',
  'NETWORK_FAILED',
  'ENDPOINT_REFUSED',
  'DISPOSED',
  // The endpoint.
  'UNAUTHORIZED',
  'FORBIDDEN',
  'ORIGIN_REFUSED',
  'TOKEN_REQUIRED',
  'TOKEN_INVALID',
  'PROOF_REPLAYED',
  'RATE_LIMITED',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'CONFLICT',
  'NOT_OFFERED',
  'DEVICE_ERASED',
  'BODY_TOO_LARGE',
  'UNAVAILABLE',
  'INTERNAL',
  // The command line.
  'INPUT_NOT_FOUND',
  'INPUT_UNREADABLE',
  'COLUMN_MISSING',
  'TOO_MANY_BAD_ROWS',
  'TOO_LITTLE_DATA',
  'NOTHING_HELD_OUT',
  'OUTPUT_EXISTS',
  'CANCELLED',
] as const

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number]

/**
 * What every Vitrine package throws. The message says what failed, with the values, then what to do;
 * `code` is stable and documented in `docs/errors.md`. It crosses the worker with its code.
 *
 * @example
 * ```ts
 * try {
 *   await createRecommender(options)
 * } catch (error) {
 *   if (isVitrineError(error) && error.code === 'MODEL_NOT_FOUND') showStaticShelf()
 *   else throw error
 * }
 * ```
 */
export class VitrineError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'VitrineError'
    this.code = code
  }
}

/** True for a {@link VitrineError}, also one made by another copy of this package. */
export function isVitrineError(value: unknown): value is VitrineError {
  return (
    value instanceof Error &&
    value.name === 'VitrineError' &&
    (ERROR_CODES as readonly unknown[]).includes((value as { code?: unknown }).code)
  )
}
