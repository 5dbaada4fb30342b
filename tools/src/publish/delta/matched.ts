/** The delta of any two files: stretches that both have are found wherever they moved to. */
import { StepWriter } from './steps.ts'

/** Old bytes are indexed in pieces of this many … */
const PIECE = 12
/** … at every so manieth place: a stretch of PIECE + STRIDE − 1 equal bytes is always found. */
const STRIDE = 4
/** Places that are tried of those with one hash: repetitive files have thousands. */
const MOST_TRIES = 16
/** A stretch ends where this many more bytes differed than agreed. */
const PATIENCE = 48

/** Returns the delta of the longest stretches; within a stretch single bytes may differ, as numbers in a table do. */
export function matchedDelta(from: Uint8Array, to: Uint8Array): Uint8Array<ArrayBuffer> {
  const find = indexPieces(from)
  const steps = new StepWriter(from, to)
  let written = 0
  let old = 0
  for (let at = 0; at + PIECE <= to.length;) {
    // The stretch before may simply go on after a few bytes that differed.
    const place = findPiece(from, to, at, [old + at - written, ...find(to, at)])
    if (place === undefined) {
      at++
      continue
    }
    const back = extend((k) => at - k > written && place - k > 0 && [to[at - k - 1]!, from[place - k - 1]!])
    const forth = extend(
      (k) => at + k < to.length && place + k < from.length && [to[at + k]!, from[place + k]!],
    )
    steps.insert(at - back - written)
    steps.keep(place - back, back + forth)
    at += forth
    written = at
    old = place + forth
  }
  steps.insert(to.length - written)
  return steps.finish()
}

/** Of `places` the one where most bytes are equal, at least {@link PIECE}. */
function findPiece(
  from: Uint8Array,
  to: Uint8Array,
  at: number,
  places: readonly number[],
): number | undefined {
  let best: number | undefined
  let longest = PIECE - 1
  for (const place of places) {
    if (place < 0) continue
    let length = 0
    while (
      place + length < from.length &&
      at + length < to.length &&
      from[place + length] === to[at + length]
    )
      length++
    if (length > longest) {
      longest = length
      best = place
    }
  }
  return best
}

/** How far a stretch pays: to where agreements outnumber differences most. */
function extend(pair: (k: number) => [number, number] | false): number {
  let score = 0
  let best = 0
  let length = 0
  for (let k = 0; score > best - PATIENCE; k++) {
    const bytes = pair(k)
    if (!bytes) break
    score += bytes[0] === bytes[1] ? 1 : -1
    if (score > best) {
      best = score
      length = k + 1
    }
  }
  return length
}

/** Returns a function that names the places in `from` whose piece hashes like the one at `at` of its argument. */
function indexPieces(from: Uint8Array): (bytes: Uint8Array, at: number) => number[] {
  const bits = Math.max(8, Math.ceil(Math.log2(from.length / STRIDE + 1)))
  const newest = new Int32Array(2 ** bits).fill(-1)
  const before = new Int32Array(Math.ceil(from.length / STRIDE))
  const hash = (bytes: Uint8Array, at: number): number => {
    let value = 0
    for (let i = at; i < at + PIECE; i++) value = Math.imul(value, 0x01000193) ^ bytes[i]!
    return Math.imul(value, 0x9e3779b1) >>> (32 - bits)
  }
  for (let place = 0; place + PIECE <= from.length; place += STRIDE) {
    const slot = hash(from, place)
    before[place / STRIDE] = newest[slot]!
    newest[slot] = place
  }
  return (bytes, at) => {
    const places: number[] = []
    let place = newest[hash(bytes, at)]!
    for (; place >= 0 && places.length < MOST_TRIES; place = before[place / STRIDE]!) places.push(place)
    return places
  }
}
