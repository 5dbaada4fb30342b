/** Times several subjects in turn (A B A B …), so that a machine that slows down slows all of them down. */
import { quantile } from './quantile.ts'

/** Something to time. */
export interface Subject {
  name: string
  /** One call; `at` counts up, to choose among inputs. */
  run(at: number): unknown
}

/** Options of `interleave`. */
export interface InterleaveOptions {
  /** Of each subject; 15 where missing. */
  samples?: number
  /** Least length of a sample; 25 where missing, because browsers round their clock to a millisecond. */
  sampleMs?: number
  /** Milliseconds; `performance.now` where missing. */
  now?: () => number
  /** Told of each sample that counts, in milliseconds a call. */
  onSample?: (name: string, ms: number) => void
  /** Told before each round, which waits for it. */
  onRound?: (done: number, all: number) => unknown
}

/** Samples thrown away, by when the engine has optimised the code. */
const WARM_UP = 3

/** Median milliseconds a call, by name. */
export async function interleave(
  subjects: readonly Subject[],
  { samples = 15, sampleMs = 25, now = () => performance.now(), onSample, onRound }: InterleaveOptions = {},
): Promise<Map<string, number>> {
  const times = subjects.map((): number[] => [])
  for (let round = 0; round < WARM_UP + samples; round++) {
    await onRound?.(round, WARM_UP + samples)
    for (const [at, subject] of subjects.entries()) {
      const ms = await timeOf(subject, sampleMs, now)
      if (round < WARM_UP) continue
      times[at]!.push(ms)
      onSample?.(subject.name, ms)
    }
  }
  return new Map(subjects.map(({ name }, at) => [name, quantile(times[at]!, 0.5)]))
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
  return elapsed / calls
}
