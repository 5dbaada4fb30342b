/** Canonical JSON (RFC 8785): one text for one value, so that a signature covers meaning and not spelling. */
import { VitrineError } from './errors.ts'

/** A surrogate without its partner: no Unicode text, and so no JSON that two programs would agree on. */
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Returns `value` as canonical JSON. ECMAScript's own number and string forms are the RFC's; what is left to do is
 * the order of keys: by UTF-16 code units, as `sort` has it. Fields that are undefined are left out.
 *
 * @throws `VitrineError('INVALID_MANIFEST')` for what JSON cannot say: NaN, infinities, lone surrogates, functions.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 * @example
 * ```ts
 * canonicalJson({ b: 1e30, a: ['€'] }) // {"a":["€"],"b":1e+30}
 * ```
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
    return `{${fields.map(([key, field]) => `${canonicalJson(key)}:${canonicalJson(field)}`).join(',')}}`
  }
  const isText = typeof value === 'string' && !LONE_SURROGATE.test(value)
  if (isText || Number.isFinite(value) || typeof value === 'boolean' || value === null) {
    return JSON.stringify(value)
  }
  throw new VitrineError(
    'INVALID_MANIFEST',
    `what is to be signed holds a ${typeof value} that JSON cannot say`,
  )
}
