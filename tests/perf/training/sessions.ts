/** Sessions made up from a seed, with as many steps from item to item as asked for. */
import type { Sessions } from '@vitrine/tools/training'

const LENGTH = 6

/** Items are drawn by Zipf's law; every session has six. */
export function zipfSessions(items: number, cases: number): Sessions {
  const count = Math.ceil(cases / (LENGTH - 1))
  const ends = new Float64Array(items)
  for (let rank = 0; rank < items; rank++) ends[rank] = (ends[rank - 1] ?? 0) + 1 / (rank + 1)
  let state = 12_345
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const draw = (): number => {
    const wanted = random() * ends[items - 1]!
    let [low, high] = [0, items - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle]! <= wanted) low = middle + 1
      else high = middle
    }
    return low
  }
  return {
    offsets: Uint32Array.from({ length: count + 1 }, (_, s) => s * LENGTH),
    items: Uint32Array.from({ length: count * LENGTH }, draw),
  }
}
