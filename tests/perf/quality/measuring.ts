/** What the steps of one shop share: where its files are, how its model is trained and asked, and what is kept of it. */
import { join } from 'node:path'
import type { BenchmarkOptions } from '../../../scripts/bench.js'
import { type Kept, openKept } from './kept.ts'
import { HELD_OUT, type Shop } from './shops.ts'
import { vitrine } from './vitrine.ts'

/** How one shop is measured. */
export interface Measuring {
  kept: Kept
  signal: AbortSignal
  /** Path of a file or folder of the steps. */
  at: (name: string) => string
  /** Runs `vitrine`, unless an earlier run did with the same arguments and code; says how long it took. */
  step: <T>(name: string, args: readonly string[]) => Promise<T>
  /** Options that name what to train on. */
  trainedOn: readonly string[]
  /** Options that name what is asked, and what baselines are fitted on. */
  asked: readonly string[]
  /** Options that name what a trained revision learns again from. */
  learnedFrom: readonly string[]
}

/** Opens what is kept of `shop`. */
export async function openMeasuring(
  shop: Shop,
  { quick, signal, say }: Pick<BenchmarkOptions, 'quick' | 'signal' | 'say'>,
): Promise<Measuring> {
  const kept = await openKept(quick ? `${shop.name}-quick` : shop.name)
  const at = (name: string): string => join(kept.folder, name)
  const events = ['--events', at('events')]
  const sessions = ['--sessions', at('train.txt')]
  return {
    kept,
    signal,
    at,
    step: <T>(name: string, args: readonly string[]) =>
      kept.once(name, args, async () => {
        const started = performance.now()
        say(`${shop.name}: ${name} …`)
        const result = await vitrine(args, {
          signal,
          onProgress: (line) => say(`${shop.name}: ${name}, ${secondsSince(started)}: ${line}`),
        })
        say(`${shop.name}: ${name}: ${secondsSince(started)}`)
        return result as T
      }),
    trainedOn: shop.hasEvents ? [...events, '--holdout', String(HELD_OUT)] : sessions,
    asked: shop.hasEvents ? events : ['--sessions', at('test.txt'), '--train-sessions', at('train.txt')],
    learnedFrom: shop.hasEvents ? events : sessions,
  }
}

function secondsSince(started: number): string {
  return `${Math.round((performance.now() - started) / 1000)} s`
}
