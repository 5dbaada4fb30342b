/** Reads a request's JSON body within bounds: size on the wire, size inflated, and time. */
import { VitrineError } from '@vitrine/contracts'

/** What a JSON body may take. */
export interface BodyLimits {
  /** Bytes of a gzip body as sent. */
  compressedBytes: number
  /** Bytes of the JSON text, whether it was sent compressed or not. */
  jsonBytes: number
  /** Milliseconds from the headers to the last byte. */
  timeoutMs: number
}

/** Limits of every route that takes JSON; a batch of 500 events fits several times. */
const JSON_LIMITS: BodyLimits = {
  compressedBytes: 50 * 1024,
  jsonBytes: 1024 * 1024,
  timeoutMs: 15_000,
}

/**
 * Inflates gzip to at most `limit` bytes.
 *
 * @throws `VitrineError('BODY_TOO_LARGE')` as soon as there are more; anything else when it is not whole gzip.
 */
export type Gunzip = (zipped: Uint8Array<ArrayBuffer>, limit: number) => Uint8Array | Promise<Uint8Array>

/** A parsed body and its size on the wire. */
export interface JsonBody {
  json: unknown
  wireBytes: number
}

/**
 * Returns the body as JSON, inflating `Content-Encoding: gzip`.
 *
 * @throws `VitrineError('BODY_TOO_LARGE')` as soon as a limit is passed, so that a gzip bomb inflates no further;
 * `INVALID_REQUEST` for another encoding, broken gzip, broken UTF-8 or broken JSON; `UNAVAILABLE` (repeat) when
 * the body did not arrive in time.
 */
export async function readJson(
  request: Request,
  { limits = JSON_LIMITS, gunzip = gunzipByStream }: { limits?: BodyLimits; gunzip?: Gunzip } = {},
): Promise<JsonBody> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'gzip' && encoding !== 'identity') {
    throw new VitrineError('INVALID_REQUEST', `Content-Encoding ${encoding} is not known; send gzip or none`)
  }
  const zipped = encoding === 'gzip'
  const wire = await receive(request, zipped ? limits.compressedBytes : limits.jsonBytes, limits.timeoutMs)
  const text = zipped ? await inflate(wire, limits.jsonBytes, gunzip) : wire
  return { json: parseJson(text), wireBytes: wire.byteLength }
}

async function receive(request: Request, limit: number, timeoutMs: number): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(request.headers.get('content-length') ?? Number.NaN)
  if (declared > limit) throw tooLarge(limit)
  // With a declared length the transport itself bounds the body, and reading it whole is the fast way.
  const whole = Number.isInteger(declared)
    ? request.arrayBuffer().then((buffer) => new Uint8Array(buffer))
    : collect(request.body, limit)
  const bytes = await inTime(whole, timeoutMs)
  if (bytes.byteLength > limit) throw tooLarge(limit)
  return bytes
}

async function inflate(zipped: Uint8Array<ArrayBuffer>, limit: number, gunzip: Gunzip): Promise<Uint8Array> {
  try {
    return await gunzip(zipped, limit)
  } catch (error) {
    if (error instanceof VitrineError) throw error
    throw new VitrineError('INVALID_REQUEST', 'the body is not whole gzip; send it again', { cause: error })
  }
}

/** {@link Gunzip} that every runtime has. */
export const gunzipByStream: Gunzip = (zipped, limit) =>
  collect(new Response(zipped).body!.pipeThrough(new DecompressionStream('gzip')), limit)

/** Collects a stream; leaving the loop early cancels it. */
async function collect(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  if (stream) {
    for await (const chunk of stream) {
      length += chunk.byteLength
      if (length > limit) throw tooLarge(limit)
      chunks.push(chunk)
    }
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new VitrineError('UNAVAILABLE', `the body did not arrive within ${timeoutMs} ms; send it again`),
        ),
      timeoutMs,
    )
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new VitrineError('INVALID_REQUEST', 'the body is not JSON in UTF-8', { cause: error })
  }
}

/** The refusal of a body over `limit` bytes. */
export function tooLarge(limit: number): VitrineError {
  return new VitrineError('BODY_TOO_LARGE', `the body is larger than ${limit} bytes; send less at once`)
}
