/** A page's recommenders, one a model and shared by all its shelves, and the page's say in consent. */
import { type Consent, type ConsentSource, type Recommender, createRecommender } from '@vitrine/sdk'
import type { PageSettings } from './settings.ts'

/** The consent that a page gives and takes. */
export class PageConsent implements ConsentSource {
  #consent: Consent
  readonly #listeners = new Set<(consent: Consent) => void>()

  constructor(consent: Consent) {
    this.#consent = consent
  }

  get(): Consent {
    return this.#consent
  }

  set(consent: Consent): void {
    if (consent === this.#consent) return
    this.#consent = consent
    for (const listener of this.#listeners) listener(consent)
  }

  subscribe(listener: (consent: Consent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/**
 * Returns a function that hands out the recommender of a model, or of the settings' own where none is named. Each
 * is made when it is first asked for: a page without shelves and marks starts no worker.
 */
export function recommendersOf(
  { model: ownModel, ...settings }: PageSettings,
  consent: ConsentSource,
  create: typeof createRecommender = createRecommender,
): (model?: string) => Promise<Recommender> {
  const made = new Map<string, Promise<Recommender>>()
  return (model = ownModel) => {
    let recommender = made.get(model)
    if (!recommender) {
      recommender = create({ ...settings, model, consent })
      made.set(model, recommender)
    }
    return recommender
  }
}
