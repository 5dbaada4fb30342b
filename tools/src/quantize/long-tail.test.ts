import { describe, expect, it } from 'vitest'
import {
  FEATURE_COUNT,
  COLUMNS,
  FEATURE_NAMES,
  type StoredReranker,
  foldNormalization,
  scoreRow,
} from '@vitrine/recommender'
import { createRandom } from '../train/random.ts'
import { withLongTail } from './long-tail.ts'

const candidates = { limit: 10, hopSeeds: 2, enough: 5, scan: 5 }
const POPULARITY = FEATURE_NAMES.indexOf('popularity')

/** A ranker of random weights over some features, `widths` the outputs of its layers. */
function rankerOf(features: StoredReranker['features'], widths: readonly number[]): StoredReranker {
  const random = createRandom(widths.length)
  const draw = (count: number): number[] => Array.from({ length: count }, () => random() - 0.5)
  return {
    candidates,
    features,
    means: draw(features.length),
    deviations: draw(features.length).map((value) => 1 + value),
    layers: widths.map((outputs, at) => {
      const inputs = at === 0 ? features.length : widths[at - 1]!
      return { inputs, outputs, weights: draw(inputs * outputs), biases: draw(outputs) }
    }),
  }
}

const SHAPES: readonly (readonly [string, StoredReranker])[] = [
  ['a weighted sum', rankerOf(FEATURE_NAMES, [1])],
  ['one hidden layer', rankerOf(FEATURE_NAMES, [8, 1])],
  ['two hidden layers', rankerOf(FEATURE_NAMES, [8, 4, 1])],
  ['no popularity among its features', rankerOf(['graph', 'hops'], [8, 1])],
]

describe('withLongTail', () => {
  it.each(SHAPES)('takes the share of the log popularity off every score: %s', (_, ranker) => {
    const plain = foldNormalization(ranker, COLUMNS)
    const turned = foldNormalization(withLongTail(ranker, 0.3), COLUMNS)
    const random = createRandom(5)
    for (let row = 0; row < 20; row++) {
      const features = Float32Array.from({ length: FEATURE_COUNT }, () => 4 * random())
      const expected = scoreRow(plain, features, 0) - 0.3 * features[POPULARITY]!
      expect(scoreRow(turned, features, 0)).toBeCloseTo(expected, 4)
    }
  })

  it('is nothing at 0', () => {
    expect(withLongTail(SHAPES[1]![1], 0)).toBe(SHAPES[1]![1])
  })
})
