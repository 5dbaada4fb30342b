/** Asks a ranker every case and keeps, of each, the rank of the item that came next. */
import type { Shopper } from '@vitrine/recommender'
import { type SessionContext, shopperAfter } from '../train/session-contexts.ts'
import { type EvaluationCase, questionsOf, countCases } from './cases.ts'

/** What is known of each session. */
export type Contexts = readonly (SessionContext | undefined)[]

/** Returns the best `k` item ids after `prefix`, best first; `shopper` is what else is known. */
export type Ranker = (prefix: readonly string[], k: number, shopper?: Shopper) => Promise<string[]> | string[]

/** A ranker's answers to all cases, in order of the cases. */
export interface Measured {
  /** Rank of the target, from 1; 0 where it is not among the best k. */
  ranks: Uint16Array
  /** How often each item stood in a list; items that never did are missing. */
  exposures: ReadonlyMap<string, number>
  /** Milliseconds each case took. */
  ms: Float64Array
}

/** What to measure on. */
export interface MeasureOptions {
  k: number
  minPrefix?: number
  /** What is known of each session; nothing where missing. */
  contexts?: Contexts | undefined
  onProgress?: (share: number) => void
  signal?: AbortSignal
  /** Clock of the timings, in milliseconds. */
  now?: () => number
}

/** Cases between two looks at signal and progress; also where the event loop gets its turn. */
const CASES_A_TURN = 256

/** Measures `rank` on the cases of `sessions`. */
export async function measureRanker(
  rank: Ranker,
  sessions: readonly (readonly string[])[],
  { k, minPrefix = 1, contexts, onProgress, signal, now = () => performance.now() }: MeasureOptions,
): Promise<Measured> {
  const count = countCases(sessions, minPrefix)
  const ranks = new Uint16Array(count)
  const ms = new Float64Array(count)
  const exposures = new Map<string, number>()
  let i = 0
  for (const { session, prefix, target } of questionsOf(sessions, minPrefix)) {
    const context = contexts?.[session]
    const shopper = context && shopperAfter(context, prefix)
    const started = now()
    const answer = rank(prefix, k, shopper)
    const list = answer instanceof Promise ? await answer : answer
    ms[i] = now() - started
    ranks[i] = list.indexOf(target) + 1
    for (const id of list) exposures.set(id, (exposures.get(id) ?? 0) + 1)
    i += 1
    if (i % CASES_A_TURN > 0) continue
    await new Promise((done) => setImmediate(done))
    signal?.throwIfAborted()
    onProgress?.(i / count)
  }
  return { ranks, exposures, ms }
}

/** Where each case comes from, in the order of {@link Measured}. */
export interface CaseFacts {
  /** Number of the session. */
  sessions: Uint32Array
  prefixLengths: Uint32Array
  targets: string[]
}

/** Returns the facts of all cases. */
export function factsOf(sessions: readonly (readonly string[])[], minPrefix: number = 1): CaseFacts {
  const all: EvaluationCase[] = [...questionsOf(sessions, minPrefix)]
  return {
    sessions: Uint32Array.from(all, ({ session }) => session),
    prefixLengths: Uint32Array.from(all, ({ prefix }) => prefix.length),
    targets: all.map(({ target }) => target),
  }
}
