/** A delta: what turns one artifact into the next. Writer and reader beside each other; docs/artifacts.md has the bytes. */
import { VitrineError } from './errors.ts'

/**
 * One step of a delta. Old bytes with differences added give new bytes, new bytes come in between, and old ones are
 * passed over: a row added to a table is an insertion, a row removed a skip, a row moved two skips.
 */
export interface DeltaStep {
  /** How many old bytes go on, each with a difference added modulo 256. */
  add: number
  /** How many new bytes follow. */
  insert: number
  /** How far to move on in the old bytes afterwards; back where negative. */
  skip: number
}

const MAGIC = 0x6c656476 // `vdel`, little-endian
const FORMAT = 1
const HEADER_BYTES = 20

/** The most bytes that a delta to an artifact of `bytes` may have once inflated: a bomb inflates no further. */
export function maxDeltaBytes(bytes: number): number {
  return 4096 + 2 * bytes
}

/**
 * Returns the delta that {@link applyDelta} reads, not compressed yet.
 *
 * @param differences of all steps, one after the other: new − old modulo 256
 * @param insertions of all steps
 */
export function writeDelta(
  sizes: { from: number; to: number },
  steps: readonly DeltaStep[],
  differences: Uint8Array,
  insertions: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const control: number[] = []
  for (const { add, insert, skip } of steps) {
    for (const value of [add, insert, skip < 0 ? -2 * skip - 1 : 2 * skip]) pushVarint(control, value)
  }
  const delta = new Uint8Array(HEADER_BYTES + control.length + differences.length + insertions.length)
  const header = new DataView(delta.buffer)
  for (const [place, value] of [MAGIC, FORMAT, sizes.from, sizes.to, steps.length].entries()) {
    header.setUint32(4 * place, value, true)
  }
  delta.set(control, HEADER_BYTES)
  delta.set(differences, HEADER_BYTES + control.length)
  delta.set(insertions, HEADER_BYTES + control.length + differences.length)
  return delta
}

/**
 * Returns `from` with `delta` applied. Whether it is what the manifest names, its hash has to say.
 *
 * @param bytes size of the result as the manifest promises it
 * @throws `VitrineError('ARTIFACT_CORRUPT')` when the delta is none, or is meant for other sizes, or reaches beyond
 * its own bytes or those of `from`.
 */
export function applyDelta(from: Uint8Array, delta: Uint8Array, bytes: number): Uint8Array<ArrayBuffer> {
  const header = new DataView(delta.buffer, delta.byteOffset, delta.byteLength)
  if (delta.length < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) throw corrupt('is none')
  if (header.getUint32(4, true) !== FORMAT) throw corrupt(`has format ${header.getUint32(4, true)}`)
  if (header.getUint32(8, true) !== from.length || header.getUint32(12, true) !== bytes) {
    throw corrupt('is meant for other sizes')
  }
  const steps = readSteps(delta, header.getUint32(16, true), bytes)
  let difference = steps.end
  let insertion = difference + steps.added
  if (insertion + steps.inserted !== delta.length) throw corrupt('is not as long as its steps say')

  const to = new Uint8Array(bytes)
  const { numbers } = steps
  let at = 0
  let old = 0
  for (let step = 0; step < numbers.length; step += 3) {
    const add = numbers[step]!
    const insert = numbers[step + 1]!
    if (old < 0 || old + add > from.length) throw corrupt('reaches beyond the old bytes')
    for (const end = at + add; at < end; at++, old++, difference++) to[at] = from[old]! + delta[difference]!
    to.set(delta.subarray(insertion, insertion + insert), at)
    at += insert
    insertion += insert
    const skip = numbers[step + 2]!
    old += skip % 2 ? -(skip + 1) / 2 : skip / 2
  }
  return to
}

/** Reads the steps as `add, insert, skip` (zigzag), and holds their sum against the size before anything is made. */
function readSteps(
  delta: Uint8Array,
  count: number,
  bytes: number,
): { numbers: Float64Array; end: number; added: number; inserted: number } {
  // A step is at least three bytes: a count beyond that is a lie that must not allocate.
  if (count > (delta.length - HEADER_BYTES) / 3) throw corrupt('counts more steps than it has bytes')
  const numbers = new Float64Array(3 * count)
  let end = HEADER_BYTES
  let added = 0
  let inserted = 0
  for (let place = 0; place < numbers.length; place++) {
    let value = 0
    for (let weight = 1; ; weight *= 128) {
      const byte = delta[end++]
      if (byte === undefined || weight > 2 ** 35) throw corrupt('breaks off within a step')
      value += (byte & 127) * weight
      if (byte < 128) break
    }
    numbers[place] = value
    if (place % 3 === 0) added += value
    if (place % 3 === 1) inserted += value
  }
  if (added + inserted !== bytes) throw corrupt('does not add up to the promised size')
  return { numbers, end, added, inserted }
}

function pushVarint(bytes: number[], value: number): void {
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  bytes.push(value)
}

function corrupt(why: string): VitrineError {
  return new VitrineError('ARTIFACT_CORRUPT', `the delta ${why}; the whole artifact is taken`)
}
