/** Times several subjects in turn (A B A B …), so that a machine that slows down slows all of them down. */

/** Something to time. */
export interface Subject {
  name: string
  /** One call; `at` counts up, to choose among inputs. */
  run(at: number): unknown
  /** Units of work in one call, 1 where missing. */
  units?: number
}

/** Options of `interleave`. */
export interface InterleaveOptions {
  /** Of each subject; 21 where missing. */
  samples?: number
  /** Least length of a sample; 20 where missing. */
  sampleMs?: number
  /** Milliseconds; `performance.now` where missing. */
  now?: () => number
}

/** Samples thrown away, by when the engine has optimised the code. */
const WARM_UP = 3

/** Median milliseconds a unit of work, by name. */
export async function interleave(
  subjects: readonly Subject[],
  { samples = 21, sampleMs = 20, now = () => performance.now() }: InterleaveOptions = {},
): Promise<Map<string, number>> {
  const times = subjects.map((): number[] => [])
  for (let sample = -WARM_UP; sample < samples; sample++) {
    for (const [at, subject] of subjects.entries()) {
      const ms = await timeOf(subject, sampleMs, now)
      if (sample >= 0) times[at]!.push(ms)
    }
  }
  return new Map(subjects.map(({ name }, at) => [name, median(times[at]!)]))
}

async function timeOf(subject: Subject, sampleMs: number, now: () => number): Promise<number> {
  const start = now()
  let calls = 0
  let elapsed = 0
  // The clock is read after 1, 2, 4, 8 … calls: it is coarse in browsers and not free anywhere.
  for (let until = 1; elapsed < sampleMs; until *= 2) {
    while (calls < until) await subject.run(calls++)
    elapsed = now() - start
  }
  return elapsed / calls / (subject.units ?? 1)
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1]!
}
