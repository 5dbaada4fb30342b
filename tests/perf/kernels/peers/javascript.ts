/** Plain JavaScript over float32 rows, as one would write it without a library. */
import { floatRows } from '../catalogue.ts'
import type { Entrant } from '../contestant.ts'

export const javascript: Entrant = {
  name: 'javascript',
  async enter({ table, k }) {
    const { count, dimension } = table
    const rows = floatRows(table)
    return {
      name: 'javascript',
      search(query) {
        const indices: number[] = []
        const scores: number[] = []
        for (let row = 0; row < count; row++) {
          const from = row * dimension
          let score = 0
          for (let j = 0; j < dimension; j++) score += rows[from + j]! * query[j]!
          if (scores.length === k && score <= scores[k - 1]!) continue
          const place = scores.findIndex((other) => other < score)
          const at = place < 0 ? scores.length : place
          scores.splice(at, 0, score)
          indices.splice(at, 0, row)
          scores.length = indices.length = Math.min(k, scores.length)
        }
        return indices
      },
      dispose: () => undefined,
    }
  },
}
