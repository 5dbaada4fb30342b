/** The shop's one recommender, as signals that shelves follow. */
import { type Signal, signal } from '@preact/signals'
import {
  type BehaviorEventInput,
  type RecommendResult,
  type Recommender,
  createRecommender,
} from '@vitrine/sdk'
import type { ShopConfig } from '../config.ts'
import { consentSource } from './consent.ts'

/** A shelf as the inspector sees it. */
export interface ShownShelf {
  placement: string
  result: RecommendResult
}

/** Longest that a shelf waits for a first model before it shows the shop's own list, in ms. */
const FIRST_MODEL_PATIENCE = 4000

/** Null until the worker runs. */
export const recommender: Signal<Recommender | null> = signal(null)
/** Why there are no personal shelves, if so. */
export const problem: Signal<string | null> = signal(null)
/** Counts what made lists stale. */
export const staleness: Signal<number> = signal(0)
/** Share of the model downloaded, 0 to 1; null while none is. */
export const download: Signal<number | null> = signal(null)
/** What each shelf on the page shows, by its heading: the inspector reads it. */
export const shownShelves: Signal<ReadonlyMap<string, ShownShelf>> = signal(new Map())

/** Starts the recommender; the shop works without it, so what fails is shown in the inspector and not thrown. */
export async function startRecommender(config: ShopConfig): Promise<void> {
  try {
    const started = await createRecommender({
      ...config,
      consent: consentSource,
      onProgress: ({ loadedBytes, totalBytes }) => {
        download.value = loadedBytes < totalBytes ? loadedBytes / totalBytes : null
      },
    })
    started.on('change', (change) => {
      if (change === 'model') problem.value = null
      staleness.value++
    })
    started.ready.catch(report)
    // For the curious, and for tests.
    Object.assign(globalThis, { vitrine: started })
    await Promise.race([started.ready.catch(() => {}), after(FIRST_MODEL_PATIENCE)])
    recommender.value = started
  } catch (error) {
    report(error)
  }
}

/** Tracks an event. A shopper's click must never fail for it. */
export function track(event: BehaviorEventInput): void {
  startedRecommender()
    .then((started) => started.track(event))
    .catch(report)
}

/** The recommender as soon as it has started; events that come earlier wait here. */
function startedRecommender(): Promise<Recommender> {
  return new Promise((resolve) => {
    const stop = recommender.subscribe((value) => {
      if (!value) return
      resolve(value)
      // `stop` is not there yet when the signal already holds a recommender.
      queueMicrotask(() => stop())
    })
  })
}

/** Notes what failed for the inspector. */
export function report(error: unknown): void {
  problem.value = error instanceof Error ? error.message : String(error)
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
