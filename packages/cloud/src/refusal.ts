/** How an error becomes an HTTP answer: one table from code to status, one body shape. */
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { type ErrorBody, type ErrorCode, VitrineError, isVitrineError } from '@vitrine/contracts'

/** HTTP status of each code that the endpoint answers with; any other is a fault of ours, 500. */
const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  INVALID_EVENT: 400,
  INVALID_REQUEST: 400,
  INVALID_MANIFEST: 400,
  UNAUTHORIZED: 401,
  TOKEN_REQUIRED: 401,
  TOKEN_INVALID: 401,
  PROOF_REPLAYED: 401,
  FORBIDDEN: 403,
  ORIGIN_REFUSED: 403,
  NOT_FOUND: 404,
  MODEL_NOT_FOUND: 404,
  ARTIFACT_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  NOT_OFFERED: 409,
  DEVICE_ERASED: 410,
  BODY_TOO_LARGE: 413,
  ARTIFACT_CORRUPT: 422,
  MODEL_UNSUPPORTED: 422,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
}

const RETRY: ReadonlySet<ErrorCode> = new Set(['RATE_LIMITED', 'UNAVAILABLE'])
/** Seconds after which a client may come back; clients add jitter of their own. */
const RETRY_AFTER_S = 5

/** An error as it leaves the endpoint. */
export interface Refusal {
  code: ErrorCode
  status: ContentfulStatusCode
  body: ErrorBody
  headers: Record<string, string>
}

/** Returns the answer to `error`. What is not a coded error of this table tells nothing of its inside. */
export function refusalOf(error: unknown, { retryAfter }: { retryAfter?: number | undefined } = {}): Refusal {
  const known = isVitrineError(error) ? STATUS[error.code] : undefined
  const { code, message } =
    isVitrineError(error) && known !== undefined
      ? error
      : new VitrineError('INTERNAL', 'the endpoint failed; its log has the details under this request id')
  return {
    code,
    status: known ?? 500,
    body: { error: { code, message } },
    headers: {
      ...(RETRY.has(code) && { 'Retry-After': String(retryAfter ?? RETRY_AFTER_S) }),
      ...(known === 401 && { 'WWW-Authenticate': code === 'UNAUTHORIZED' ? 'Bearer' : 'DPoP algs="ES256"' }),
      'Cache-Control': 'no-store',
    },
  }
}
