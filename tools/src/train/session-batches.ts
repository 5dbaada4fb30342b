/** Batches of a training of the session encoder as tables of numbers, for arithmetic that works on whole tables. */
import { POSITIONS, type SessionRecipe } from './session-recipe.ts'
import type { Cases } from './sessions.ts'

/** One batch; B cases, P positions, K negatives, U items that it touches. */
export interface SessionBatch {
  /** `[B · P + B + K]` items whose embeddings are read: histories (last item first), targets, negatives. */
  readonly read: Int32Array
  /** `[U]` the items among them, each once. */
  readonly touched: Int32Array
  /** `[B · P + B + B + K]` places in `touched`: of histories, of each history's last item, targets, negatives. */
  readonly places: Int32Array
  /** `[B, P]`, 0 where a history has an item, far below where it has none. */
  readonly absence: Float32Array
  /** `[K]`. */
  readonly corrections: Float32Array
}

/** Taken off the logit of what is not there. */
const FAR = 1e9

/** Returns a function that makes the batch of some `cases` `[B]` with `negatives` `[K]`. */
export function createBatches(
  { items, targets, starts }: Cases,
  itemCount: number,
  corrections: Float32Array,
  { batch, negatives: negativeCount }: Pick<SessionRecipe, 'batch' | 'negatives'>,
): (cases: Int32Array, negatives: Int32Array) => SessionBatch {
  const placeOf = new Int32Array(itemCount).fill(-1)
  return (cases, negatives) => {
    const read = new Int32Array(batch * (POSITIONS + 1) + negativeCount)
    const absence = new Float32Array(batch * POSITIONS)
    for (let b = 0; b < batch; b++) {
      const target = targets[cases[b]!]!
      const length = Math.min(POSITIONS, target - starts[cases[b]!]!)
      for (let p = 0; p < POSITIONS; p++) {
        // An item has to stand where none is; its share will be zero.
        read[b * POSITIONS + p] = items[target - 1 - (p < length ? p : 0)]!
        absence[b * POSITIONS + p] = p < length ? 0 : -FAR
      }
      read[batch * POSITIONS + b] = items[target]!
    }
    read.set(negatives, batch * (POSITIONS + 1))

    const touched: number[] = []
    const local = read.map((item) => {
      if (placeOf[item]! < 0) placeOf[item] = touched.push(item) - 1
      return placeOf[item]!
    })
    for (const item of touched) placeOf[item] = -1
    const places = new Int32Array(read.length + batch)
    places.set(local.subarray(0, batch * POSITIONS))
    for (let b = 0; b < batch; b++) places[batch * POSITIONS + b] = local[b * POSITIONS]!
    places.set(local.subarray(batch * POSITIONS), batch * (POSITIONS + 1))
    return {
      read,
      touched: Int32Array.from(touched),
      places,
      absence,
      corrections: Float32Array.from(negatives, (item) => corrections[item]!),
    }
  }
}
