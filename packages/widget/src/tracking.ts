/** Tells the recommender what of a shelf's list was seen and what was chosen. */
import type { BehaviorEventInput } from '@vitrine/sdk'
import type { RecommenderSource } from './requests.ts'
import type { PlacedItem } from './view.ts'

/** The shelf's side. */
export interface TrackingOptions {
  source: () => RecommenderSource | undefined
  /** The list in place now. */
  list: () => { placement: string; revision: string | null }
  /** An event was not taken; with the error where there is one, without where there is no recommender. */
  lost: (...error: [] | [unknown]) => void
}

/** The events of one shelf. */
export class Tracking {
  readonly #options: TrackingOptions
  readonly #seen = new Set<string>()

  constructor(options: TrackingOptions) {
    this.#options = options
  }

  /** Tracks an impression, once for each item until {@link Tracking.startOver}. */
  seen({ item, position }: PlacedItem): void {
    if (this.#seen.has(item)) return
    this.#seen.add(item)
    void this.#track({ type: 'impression', item, value: position })
  }

  chosen({ item, position }: PlacedItem): void {
    void this.#track({ type: 'click', item, value: position })
  }

  /** Another list, or another view of the page: every impression counts anew. */
  startOver(): void {
    this.#seen.clear()
  }

  async #track(event: BehaviorEventInput): Promise<void> {
    const { source, list, lost } = this.#options
    const { placement, revision } = list()
    try {
      const recommender = await source()
      if (recommender) {
        await recommender.track({ ...event, placement, ...(revision !== null && { revision }) })
      } else lost()
    } catch (error) {
      lost(error)
    }
  }
}
