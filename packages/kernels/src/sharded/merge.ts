/** Merges what the slices of a table gave into the k best of the table. */
import type { TopKResult } from '../top-k.ts'

/**
 * `lists` are ranked as `TopK` ranks, and in the order of their slices: all indices of one are below all of the
 * next. Equal scores then come by rising index when the earlier list goes first.
 */
export function mergeRanked(lists: readonly TopKResult[], k: number): TopKResult {
  const found = lists.reduce((sum, { indices }) => sum + indices.length, 0)
  const size = Math.min(k, found)
  const indices = new Uint32Array(size)
  const scores = new Float32Array(size)
  const at = new Uint32Array(lists.length)
  for (let rank = 0; rank < size; rank++) {
    let best = -1
    let score = -Infinity
    for (let list = 0; list < lists.length; list++) {
      const next = lists[list]!.scores[at[list]!]
      // Every score is finite, and a list that has ended has no next one.
      if (next !== undefined && next > score) {
        best = list
        score = next
      }
    }
    indices[rank] = lists[best]!.indices[at[best]!++]!
    scores[rank] = score
  }
  return { indices, scores }
}
