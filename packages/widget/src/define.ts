/** Registers the shelf under a tag name. */
import type { RecommenderSource } from './requests.ts'
import { VitrineShelf } from './shelf.ts'

/** Options of {@link defineShelf}. */
export interface DefineOptions {
  /**
   * Finds the recommender of a shelf whose `recommender` property is not set; `model` is its attribute. Called
   * for every list, so hand out the same one each time.
   */
  recommenderFor?: (model: string | undefined) => RecommenderSource
}

/**
 * Registers `<vitrine-shelf>`, or the tag `name`. Does nothing on a server, or where the name is taken.
 *
 * @example
 * ```ts
 * const recommender = createRecommender({ endpoint, model: 'online-retail', key })
 * defineShelf('vitrine-shelf', { recommenderFor: () => recommender })
 * ```
 */
export function defineShelf(name = 'vitrine-shelf', options: DefineOptions = {}): void {
  if (typeof customElements === 'undefined' || customElements.get(name)) return
  const { recommenderFor } = options
  // A class can be registered once only; a class of its own lets a page have two names.
  customElements.define(
    name,
    class extends VitrineShelf {
      static override recommenderFor = recommenderFor
    },
  )
}
