/** The ranker for shops with too little data to learn one: a weighted sum, which is a network of one layer. */
import type { StoredReranker } from '@vitrine/recommender'

/** The graph decides; among equals taste, then popularity. */
export const PLAIN_RERANKER: Omit<StoredReranker, 'candidates'> = {
  features: ['graph', 'hops', 'denseShare', 'popularity10'],
  means: [0, 0, 0, 0],
  deviations: [1, 1, 1, 1],
  layers: [{ inputs: 4, outputs: 1, weights: [1, 0.1, 0.02, 0.01], biases: [0] }],
}
