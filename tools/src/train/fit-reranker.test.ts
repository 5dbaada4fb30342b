import { describe, expect, it } from 'vitest'
import {
  CANDIDATE_FEATURE_COUNT,
  COLUMNS,
  FEATURE_COUNT,
  foldNormalization,
  scoreRow,
} from '@vitrine/recommender'
import { fitReranker, measureReranker } from './fit-reranker.ts'
import { Numerics } from './numerics.ts'
import { createRandom, normal } from './random.ts'
import type { RankingCases } from './ranking-cases.ts'

const CANDIDATES = { limit: 100, hopSeeds: 2, scan: 50 }

describe('the gradient of the ranker', () => {
  it('is that of the listwise loss, by finite differences', async () => {
    const [inputs, hidden] = [8, 8]
    const offsets = [0, 3, 8, 10]
    // A target alone, and two cases of which a teacher gives several candidates a share.
    const shares = [0, 0, 1, 0.5, 0.2, 0, 0.3, 0, 0.25, 0.75]
    const order = [1, 2, 0]
    const random = createRandom(3)
    const draw = (length: number): Float64Array =>
      Float64Array.from({ length }, () => Math.fround(normal(random)))
    const rows = draw(10 * inputs)
    const tables = { hiddenWeights: draw(inputs * hidden), outputWeights: draw(hidden) }
    const lossNow = (): number => {
      let loss = 0
      for (let c = 0; c + 1 < offsets.length; c++) {
        const scores: number[] = []
        for (let row = offsets[c]!; row < offsets[c + 1]!; row++) {
          let score = 0
          for (let unit = 0; unit < hidden; unit++) {
            let sum = 0
            for (let f = 0; f < inputs; f++) {
              sum += rows[row * inputs + f]! * tables.hiddenWeights[f * hidden + unit]!
            }
            score += Math.max(0, sum) * tables.outputWeights[unit]!
          }
          scores.push(score)
        }
        const total = scores.reduce((sum, score) => sum + Math.exp(score), 0)
        const wanted = scores.reduce((sum, score, i) => sum + score * shares[offsets[c]! + i]!, 0)
        loss += (Math.log(total) - wanted) / order.length
      }
      return loss
    }
    const numerics = await Numerics.create()
    const sizes = [10, order.length, order.length, inputs, hidden, 10]
    numerics.reserve(numerics.call('placeRankerTables', ...sizes))
    numerics.floats('candidates', rows.length).set(rows)
    numerics.integers('caseOffsets', offsets.length).set(offsets)
    numerics.floats('targetShares', shares.length).set(shares)
    numerics.integers('caseOrder', order.length).set(order)
    for (const name of ['hiddenWeights', 'outputWeights'] as const) {
      numerics.floats(name, tables[name].length).set(tables[name])
    }
    expect(numerics.call('computeRankerGradient', 0, 3) / 3).toBeCloseTo(lossNow(), 4)
    for (const [name, slopes] of [
      ['hiddenWeights', 'hiddenSlopes'],
      ['outputWeights', 'outputSlopes'],
    ] as const) {
      const table = tables[name]
      const gradient = numerics.floats(slopes, table.length)
      for (let i = 0; i < table.length; i++) {
        const value = table[i]!
        table[i] = value + 1e-5
        const above = lossNow()
        table[i] = value - 1e-5
        const below = lossNow()
        table[i] = value
        expect(gradient[i]).toBeCloseTo((above - below) / 2e-5, 4)
      }
    }
  })
})

/** Lists whose target is the candidate where two features together are largest. */
function plantedCases(count: number): RankingCases {
  const random = createRandom(9)
  const lengths = Array.from({ length: count }, (_, c) => 5 + (c % 7))
  const offsets = Uint32Array.from([0, ...lengths])
  for (let c = 1; c < offsets.length; c++) offsets[c]! += offsets[c - 1]!
  const rows = offsets[count]!
  const features = Float32Array.from({ length: rows * FEATURE_COUNT }, () => normal(random))
  // What a list shares is alike in all of its rows.
  for (let c = 0; c < count; c++) {
    const first = offsets[c]! * FEATURE_COUNT
    for (let row = offsets[c]! + 1; row < offsets[c + 1]!; row++) {
      const shared = features.subarray(first + CANDIDATE_FEATURE_COUNT, first + FEATURE_COUNT)
      features.set(shared, row * FEATURE_COUNT + CANDIDATE_FEATURE_COUNT)
    }
  }
  const worth = (row: number): number =>
    features[row * FEATURE_COUNT + COLUMNS.graph]! - features[row * FEATURE_COUNT + COLUMNS.hops]!
  const targets = Int32Array.from(lengths, (length, c) => {
    const first = offsets[c]!
    const places = Array.from({ length }, (_, i) => i)
    // Every tenth target is no candidate at all.
    return c % 10 ? places.reduce((a, b) => (worth(first + b) > worth(first + a) ? b : a)) : -1
  })
  return { offsets, features, items: Uint32Array.from({ length: rows }, (_, i) => i), targets }
}

describe('fitReranker', () => {
  const cases = plantedCases(1500)
  const fit = (seed: number, losses: number[] = []): ReturnType<typeof fitReranker> =>
    fitReranker(cases, {
      candidates: CANDIDATES,
      hidden: 16,
      epochs: 6,
      random: createRandom(seed),
      onEpoch: async (_, loss) => void losses.push(loss),
    })

  it('learns what decides, with falling loss, and misses what is no candidate', async () => {
    const losses: number[] = []
    const reranker = await fit(1, losses)
    expect(losses).toHaveLength(6)
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!)
    // Ninety percent at most, as a tenth has no target; by chance it would be about 33.
    expect(measureReranker(reranker, cases).mrr).toBeGreaterThan(70)
  })

  it('reads only the features that it may', async () => {
    const features = ['graph', 'isLast'] as const
    const options = { candidates: CANDIDATES, hidden: 16, epochs: 6, random: createRandom(1) }
    const blind = await fitReranker(cases, { ...options, features, onEpoch: async () => undefined })
    expect(blind).toMatchObject({ features, layers: [{ inputs: 2 }, { inputs: 16 }] })
    // One of the two that decide is hidden from it.
    expect(measureReranker(blind, cases).mrr).toBeLessThan(measureReranker(await fit(1), cases).mrr - 10)
  })

  it('follows a teacher, also where the target is no candidate', async () => {
    const { offsets, targets } = cases
    const shares = new Float32Array(offsets.at(-1)!)
    // The teacher knows the target, and otherwise always names the last candidate.
    for (const [c, target] of targets.entries()) {
      shares[target >= 0 ? offsets[c]! + target : offsets[c + 1]! - 1] = 1
    }
    const options = { candidates: CANDIDATES, hidden: 16, epochs: 6, random: createRandom(1) }
    const taught = await fitReranker(cases, { ...options, shares, onEpoch: async () => undefined })
    expect(taught).not.toEqual(await fit(1))
    expect(measureReranker(taught, cases).mrr).toBeGreaterThan(60)
  })

  it('ranks by the mean of its networks', async () => {
    const options = { candidates: CANDIDATES, hidden: 16, epochs: 3, onEpoch: async () => undefined }
    const random = createRandom(1)
    const first = foldNormalization(await fitReranker(cases, { ...options, random }), COLUMNS)
    const second = foldNormalization(await fitReranker(cases, { ...options, random }), COLUMNS)
    const both = await fitReranker(cases, { ...options, networks: 2, random: createRandom(1) })
    expect(both.layers).toMatchObject([{ outputs: 32 }, { inputs: 32, outputs: 1 }])
    for (const row of [0, 77, 4000]) {
      const at = row * FEATURE_COUNT
      const mean = (scoreRow(first, cases.features, at) + scoreRow(second, cases.features, at)) / 2
      expect(scoreRow(foldNormalization(both, COLUMNS), cases.features, at)).toBeCloseTo(mean, 4)
    }
  })

  it('learns the same bits again from the same seed', async () => {
    expect(await fit(4)).toEqual(await fit(4))
  })
})
