/** Which items belong together, by sessions that an answer must not have seen. */
import { type Sessions, sessionCount } from './sessions.ts'

/** Fewer meetings are chance. */
const FEWEST_TOGETHER = 3

/** Returns, for each item in order, the `most` that belong to it most: by cosine, of those met three times at least. */
export function companionsOf(sessions: Sessions, most: number): Map<number, number[]> {
  const frequency = new Map<number, number>()
  const together = new Map<number, Map<number, number>>()
  for (let s = 0; s < sessionCount(sessions); s++) {
    const basket = [...new Set(sessions.items.subarray(sessions.offsets[s], sessions.offsets[s + 1]))]
    for (const a of basket) {
      frequency.set(a, (frequency.get(a) ?? 0) + 1)
      const row = together.get(a) ?? new Map<number, number>()
      together.set(a, row)
      for (const b of basket) if (b !== a) row.set(b, (row.get(b) ?? 0) + 1)
    }
  }
  const companions = new Map<number, number[]>()
  for (const [a, row] of [...together].toSorted(([x], [y]) => x - y)) {
    const best = [...row]
      .filter(([, times]) => times >= FEWEST_TOGETHER)
      .map(([b, times]) => [b, times / Math.sqrt(frequency.get(a)! * frequency.get(b)!)] as const)
      .toSorted((x, y) => y[1] - x[1] || x[0] - y[0])
      .slice(0, most)
    if (best.length > 0)
      companions.set(
        a,
        best.map(([b]) => b),
      )
  }
  return companions
}
