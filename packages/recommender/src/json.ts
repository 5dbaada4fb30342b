/** JSON artifacts: UTF-8, one object with a version. */
import type { ArtifactRole } from '@vitrine/contracts'
import { corrupt, unsupported } from './bytes.ts'

/** Returns `value` as UTF-8 JSON. */
export function writeJson(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** Returns the object in `bytes`, whose `version` must be `version`. */
export function readJson(
  role: ArtifactRole,
  bytes: Uint8Array,
  version: number,
): Readonly<Record<string, unknown>> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The parser's message would quote the bytes, which may be anything.
    throw corrupt(role, 'it is not JSON')
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw corrupt(role, 'it is no object')
  const object = json as Readonly<Record<string, unknown>>
  if (typeof object.version !== 'number') throw corrupt(role, 'it has no version')
  if (object.version !== version) {
    throw unsupported(role, `has format version ${object.version}, not ${version}`)
  }
  return object
}

/** Returns `value` if it is an array of finite numbers, of `length` where given. */
export function numbers(role: ArtifactRole, what: string, value: unknown, length?: number): number[] {
  const list: unknown[] = Array.isArray(value) ? value : []
  if (list !== value || (length !== undefined && list.length !== length) || !list.every(isNumber)) {
    throw corrupt(role, `${what} is no list of ${length ?? 'finite'} numbers`)
  }
  return list
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < 1e9
}
