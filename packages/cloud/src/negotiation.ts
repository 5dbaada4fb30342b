/** HTTP's ways to send less: encodings, entity tags and byte ranges (RFC 9110). */
import { ENCODINGS, type Encoding } from './artifacts/store.ts'

/**
 * Returns the best of the encodings at hand that the client accepts, or `undefined` for the plain form.
 *
 * @param accept - the Accept-Encoding header; `q=0` refuses, other weights are not told apart: the smaller form
 * is better for both sides.
 */
export function chooseEncoding(
  accept: string | undefined,
  available: Partial<Record<Encoding, unknown>>,
): Encoding | undefined {
  if (accept === undefined) return undefined
  const weights = new Map<string, number>()
  for (const part of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)))
  }
  return ENCODINGS.find(
    (encoding) => available[encoding] !== undefined && (weights.get(encoding) ?? weights.get('*') ?? 0) > 0,
  )
}

/** True when If-None-Match lists one of `etags` (quoted, as sent); comparison is weak, as RFC 9110 asks. */
export function matchesEtag(ifNoneMatch: string | undefined, ...etags: readonly string[]): boolean {
  if (ifNoneMatch === undefined) return false
  const listed = new Set(ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//u, '')))
  return listed.has('*') || etags.some((etag) => listed.has(etag))
}

/** First and last byte, both included. */
export interface ByteRange {
  first: number
  last: number
}

/**
 * Returns the one range that a Range header asks for, `'unsatisfiable'` when it begins after the end, or
 * `undefined` when the header is to be ignored: other units, several ranges, nonsense.
 */
export function parseRange(
  header: string | undefined,
  bytes: number,
): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/u.exec(header ?? '')
  if (!match) return undefined
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return undefined
  if (from === '') {
    const length = Math.min(Number(to), bytes)
    return length === 0 ? 'unsatisfiable' : { first: bytes - length, last: bytes - 1 }
  }
  const first = Number(from)
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (to !== '' && Number(to) < first) return undefined
  return first < bytes ? { first, last } : 'unsatisfiable'
}
