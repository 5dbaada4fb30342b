/**
 * Measures every device on the model's own table and queries, and says which is to serve. A device is first tried
 * with a few rows: one that takes longer for those than the present one for all has lost, at little cost.
 */
import type { Query, TopK, TopKResult } from '@vitrine/kernels'
import { copyOut } from '@vitrine/kernels/sharded'
import { type Candidate, reasonOf } from './candidates.ts'
import type { Answered, PlacedTopK } from './placed.ts'
import { type SampleOptions, sampleInTurn } from './sample.ts'
import type { Estimate } from './verdict.ts'

/** Rows of the first trial. */
const TRIAL_ROWS = 4096
/** Slices of a first trial: it decides only what is clear. */
const TRIAL_SAMPLES = 3
/** A device has to be this much faster to be worth its memory and its power. */
const MUST_WIN = 0.8

/** What {@link probe} works with. */
export interface ProbeOptions extends Omit<SampleOptions, 'searches'> {
  placed: PlacedTopK
  candidates: readonly Candidate[]
  /** Each lets the model make its golden searches of one history. */
  questions: readonly (() => Promise<unknown>)[]
  /** Below this many milliseconds a search is not worth moving. */
  worthwhileMs: number
}

/** The device that won, ready, and what was found of all. */
export interface Outcome {
  estimates: Estimate[]
  /** Missing where home stays. */
  winner?: { candidate: Candidate; topK: TopK }
}

/** A device that was measured on the whole table. */
interface Finalist {
  candidate: Candidate
  topK: TopK
  estimate: Estimate
}

/**
 * Runs the contest. The estimate of `home` comes first.
 *
 * @throws the reason of the signal that `idle` watches, after everything that was made has been given back.
 */
export async function probe(options: ProbeOptions): Promise<Outcome> {
  const { placed, candidates, elapsed, sliceMs, samples, idle, worthwhileMs } = options
  const { home } = placed
  const { count } = home.rows
  const sampling: SampleOptions = { elapsed, sliceMs, samples, idle, searches: () => placed.searches }
  const answers = await askGolden(options)
  const queries = answers.map(({ query }) => query)
  const searchOf =
    (topK: TopK) =>
    (at: number): Promise<unknown> =>
      topK.search(queries[at % queries.length]!)

  const first = await sampleInTurn([searchOf(home)], sampling)
  const homeMs = first.ms[0]!
  const own: Estimate = {
    device: home.device,
    ms: homeMs,
    rows: count,
    samples: first.samples,
    verdict: 'chosen',
    why: 'it was the fastest',
  }
  const estimates = [own]
  const finalists: Finalist[] = []
  const kept = new Set<Candidate>()
  try {
    for (const candidate of candidates) {
      const { device, isLinear } = candidate
      const estimate: Estimate = { device, ms: null, rows: 0, samples: 0, verdict: 'slower', why: '' }
      estimates.push(estimate)
      if (!isLinear && homeMs < worthwhileMs) {
        estimate.verdict = 'not-tried'
        estimate.why = `${home.device} takes ${inMs(homeMs)}; below ${inMs(worthwhileMs)} a search is not worth moving`
        continue
      }
      let topK: TopK | undefined
      try {
        await idle()
        // A few rows first.
        estimate.rows = Math.min(TRIAL_ROWS, count)
        topK = await candidate.create(estimate.rows)
        const trial = await sampleInTurn([searchOf(topK)], { ...sampling, samples: TRIAL_SAMPLES })
        const trialMs = trial.ms[0]!
        const bound = isLinear ? (trialMs * count) / estimate.rows : trialMs
        estimate.ms = bound
        estimate.samples = trial.samples
        if (bound >= homeMs * MUST_WIN) {
          estimate.why =
            estimate.rows === count || isLinear
              ? lostBy(bound, own)
              : `${estimate.rows} of ${count} rows take ${inMs(bound)} already; ${lostBy(bound, own)}`
          continue
        }
        if (estimate.rows < count) {
          topK.dispose()
          estimate.rows = count
          topK = await candidate.create(count)
        }
        const wrong = await firstDifference(topK, answers, idle)
        if (wrong !== undefined) {
          estimate.verdict = 'wrong'
          estimate.why = wrong
          continue
        }
        const both = await sampleInTurn([searchOf(home), searchOf(topK)], sampling)
        const [here, there] = both.ms as [number, number]
        estimate.ms = there
        estimate.samples = both.samples
        if (there >= here * MUST_WIN) {
          estimate.why = lostBy(there, { ...own, ms: here })
          continue
        }
        finalists.push({ candidate, topK, estimate })
        kept.add(candidate)
        topK = undefined
      } catch (error) {
        // An end that was asked for is not the device's fault.
        await idle()
        estimate.verdict = 'unavailable'
        estimate.why = reasonOf(error)
      } finally {
        topK?.dispose()
        if (!kept.has(candidate)) candidate.close()
      }
    }
  } catch (error) {
    for (const { candidate, topK } of finalists) discard(candidate, topK)
    throw error
  }

  finalists.sort((a, b) => a.estimate.ms! - b.estimate.ms!)
  const [winner, ...others] = finalists
  if (!winner) return { estimates }
  own.verdict = 'slower'
  own.why = lostBy(homeMs, winner.estimate)
  for (const { candidate, topK, estimate } of others) {
    estimate.why = lostBy(estimate.ms!, winner.estimate)
    discard(candidate, topK)
  }
  winner.estimate.verdict = 'chosen'
  winner.estimate.why = 'it was the fastest'
  return { estimates, winner: { candidate: winner.candidate, topK: winner.topK } }
}

/** Compares a device with what home answered, bit by bit; says what differs first. */
export async function firstDifference(
  topK: TopK,
  answers: readonly Answered[],
  idle: () => Promise<void>,
): Promise<string | undefined> {
  for (const [at, { query, result }] of answers.entries()) {
    await idle()
    const found = await topK.search(query)
    const rank = differenceOf(found, result)
    if (rank >= 0) {
      return `its answer to golden search ${at} differs at rank ${rank}: row ${found.indices[rank]} with ${found.scores[rank]} in place of row ${result.indices[rank]} with ${result.scores[rank]}`
    }
  }
  return undefined
}

/**
 * The searches of the golden histories as home answers them, which has passed the self-test; where there are none,
 * some rows of the table search for their like.
 */
export async function askGolden({
  placed,
  questions,
  idle,
}: Pick<ProbeOptions, 'placed' | 'questions' | 'idle'>): Promise<Answered[]> {
  const answers: Answered[] = []
  placed.record = answers
  try {
    for (const ask of questions) {
      await idle()
      await ask()
    }
  } finally {
    placed.record = undefined
  }
  // A shop's own searches may have come in between, whose masks are theirs to change.
  const golden = answers.filter(({ query }) => !query.mask)
  if (golden.length > 0) return golden
  const queries = await rowQueries(placed)
  return Promise.all(queries.map(async (query) => ({ query, result: await placed.home.search(query) })))
}

/** Like `similar` shelves of items all over the catalogue. */
async function rowQueries({ home }: PlacedTopK): Promise<Query[]> {
  const { count } = home.rows
  const queries = Math.min(8, count)
  return Promise.all(
    Array.from({ length: queries }, async (_, at) => {
      const row = Math.floor((at * count) / queries)
      const { values } = await copyOut(home.rows, row, row + 1)
      return { vector: Float32Array.from(values), k: 24 }
    }),
  )
}

function differenceOf(found: TopKResult, expected: TopKResult): number {
  const length = Math.max(found.indices.length, expected.indices.length)
  for (let rank = 0; rank < length; rank++) {
    if (found.indices[rank] !== expected.indices[rank] || found.scores[rank] !== expected.scores[rank]) {
      return rank
    }
  }
  return -1
}

function discard(candidate: Candidate, topK: TopK): void {
  topK.dispose()
  candidate.close()
}

function lostBy(ms: number, { device, ms: best }: Estimate): string {
  return `${inMs(ms)} against ${inMs(best!)} on ${device}`
}

function inMs(ms: number): string {
  return `${Number(ms.toPrecision(2))} ms`
}
