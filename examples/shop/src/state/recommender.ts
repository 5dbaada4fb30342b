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

/** Longest that shelves wait for a first model, or its starter, before they show the shop's own list, in ms. */
const FIRST_MODEL_PATIENCE = 4000

/** Null until the worker runs, and for good where it can't. */
export const recommender: Signal<Recommender | null> = signal(null)
/** Whether it is worth asking: the first model or its starter is in use, or took too long, or there is no recommender. */
export const isReady: Signal<boolean> = signal(false)
/** What went wrong last; null while nothing did. */
export const problem: Signal<string | null> = signal(null)
/** Counts what made lists stale. */
export const staleness: Signal<number> = signal(0)
/** Share of the model downloaded, 0 to 1; null while none is. */
export const download: Signal<number | null> = signal(null)
/** What each shelf on the page shows, by its heading: the inspector reads it. */
export const shownShelves: Signal<ReadonlyMap<string, ShownShelf>> = signal(new Map())

/** Events from before the worker ran. */
const early: BehaviorEventInput[] = []

/** Starts the recommender; the shop works without it, so what fails is shown in the inspector and not thrown. */
export async function startRecommender(config: Promise<ShopConfig>): Promise<void> {
  try {
    const started = await createRecommender({
      ...(await config),
      consent: consentSource,
      onProgress: ({ loadedBytes, totalBytes }) => {
        download.value = loadedBytes < totalBytes ? loadedBytes / totalBytes : null
      },
    })
    const first = new Promise<void>((resolve) => {
      started.on('change', (change) => {
        if (change === 'model') {
          problem.value = null
          resolve()
        }
        staleness.value++
      })
    })
    recommender.value = started
    for (const event of early.splice(0)) track(event)
    // For the curious, and for tests.
    Object.assign(globalThis, { vitrine: started })
    await Promise.race([first, started.ready, after(FIRST_MODEL_PATIENCE)])
  } catch (error) {
    report(error)
  } finally {
    isReady.value = true
  }
}

/** Tracks an event. A shopper's click must never fail for it. */
export function track(event: BehaviorEventInput): void {
  const started = recommender.peek()
  if (started) started.track(event).catch(report)
  else early.push(event)
}

/** Notes what failed for the inspector. */
export function report(error: unknown): void {
  problem.value = error instanceof Error ? error.message : String(error)
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
