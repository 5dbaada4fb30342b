/** Times a device in slices, each no longer than a list may have to wait for it. */

/** Something that can be timed. */
export type Search = (at: number) => Promise<unknown>

/** How to time. */
export interface SampleOptions {
  elapsed: () => number
  /** A slice ends with the first search that reaches it, in milliseconds. */
  sliceMs: number
  /** Slices of each search. */
  samples: number
  /** Awaited before each slice. */
  idle: () => Promise<void>
  /** Searches of the shop so far: a slice that they came into does not count. */
  searches: () => number
}

/** Slices that shop's searches may spoil, in all, before the median is taken of what there is. */
const MOST_SPOILT = 20

/** Median milliseconds of one call of each of `subjects`, timed in turn; and how many slices that was of each. */
export async function sampleInTurn(
  subjects: readonly Search[],
  { elapsed, sliceMs, samples, idle, searches }: SampleOptions,
): Promise<{ ms: number[]; samples: number }> {
  const times = subjects.map((): number[] => [])
  let spoilt = 0
  let round = 0
  while (round < samples && spoilt < MOST_SPOILT) {
    const slices: number[] = []
    const before = searches()
    for (const search of subjects) {
      await idle()
      const started = elapsed()
      let calls = 0
      let spent = 0
      while (spent < sliceMs) {
        await search(calls++)
        spent = elapsed() - started
      }
      slices.push(spent / calls)
    }
    if (searches() !== before) spoilt++
    if (searches() === before || round + 1 === samples) {
      for (const [at, ms] of slices.entries()) times[at]!.push(ms)
      round++
    }
  }
  return { ms: times.map(median), samples: round }
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1] ?? NaN
}
