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
  /** Length of a sample; 20 where missing. */
  sampleMs?: number
  /** Milliseconds; `performance.now` where missing. */
  now?: () => number
}

/** Median milliseconds a unit, by name. A sample is as many calls as take `sampleMs`. */
export async function interleave(
  subjects: readonly Subject[],
  { samples = 21, sampleMs = 20, now = () => performance.now() }: InterleaveOptions = {},
): Promise<Map<string, number>> {
  const time = async (subject: Subject, calls: number): Promise<number> => {
    const start = now()
    for (let at = 0; at < calls; at++) await subject.run(at)
    return now() - start
  }
  const trials: { subject: Subject; calls: number; times: number[] }[] = []
  for (const subject of subjects) {
    // Also the warm-up: by the time that a sample is full, the engine has optimised the code.
    let calls = 1
    let ms = await time(subject, calls)
    while (ms < sampleMs) ms = await time(subject, (calls *= 2))
    trials.push({ subject, calls: Math.max(1, Math.round((calls * sampleMs) / ms)), times: [] })
  }
  for (let sample = 0; sample < samples; sample++) {
    for (const { subject, calls, times } of trials) {
      times.push((await time(subject, calls)) / calls / (subject.units ?? 1))
    }
  }
  return new Map(trials.map(({ subject, times }) => [subject.name, median(times)]))
}

function median(list: number[]): number {
  list.sort((a, b) => a - b)
  return list[list.length >> 1]!
}
