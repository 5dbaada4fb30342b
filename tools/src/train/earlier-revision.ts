/** What a training needs of the revision that it goes on from. */
import type { Evidence, StoredReranker } from '@vitrine/recommender'
import type { GraphRecipe } from './build-graph.ts'

/** An earlier revision in float32. */
export interface EarlierRevision {
  readonly revision: string
  /** Its items, in order. */
  readonly ids: readonly string[]
  readonly evidence: Evidence
  readonly reranker: StoredReranker
  readonly recipe: GraphRecipe
  readonly mostEdges: number
}
