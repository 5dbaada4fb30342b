import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FEATURE_COUNT,
  COLUMNS,
  FEATURE_NAMES,
  Workspace,
  foldNormalization,
  gatherFromGraph,
  readGraph,
  readReranker,
  scoreRow,
  writeGraph,
  writeReranker,
} from '../src/index.ts'
import { chooseBest } from '../src/choose.ts'
import { keepLikely, rankCandidates } from '../src/features.ts'
import { ITEMS, TINY_RERANKER, tinyGraph } from './tiny-shop.ts'

const graph = readGraph(writeGraph(tinyGraph()))
const histories = fc.array(fc.nat(ITEMS - 1), { minLength: 1, maxLength: 20 })

/** One-hop scores straight from the definition. */
function naiveScores(history: readonly number[]): Map<number, number> {
  const { window, decay, selfWeight } = graph.settings
  const scores = new Map<number, number>()
  for (const [steps, item] of history.toReversed().slice(0, window).entries()) {
    const add = (to: number, weight: number): void => {
      scores.set(to, (scores.get(to) ?? 0) + decay ** steps * weight)
    }
    for (let edge = graph.offsets[item]!; edge < graph.offsets[item + 1]!; edge++) {
      add(graph.neighbours[edge]!, graph.weights[edge]!)
    }
    add(item, selfWeight)
  }
  return scores
}

describe('candidates', () => {
  it('have the graph scores of the definition, masked ones left out, workspace reused or not', () => {
    const work = new Workspace(ITEMS, 16)
    fc.assert(
      fc.property(histories, fc.array(fc.nat(ITEMS - 1)), (history, hidden) => {
        const mask = new Uint8Array(ITEMS)
        for (const item of hidden) mask[item] = 1
        gatherFromGraph(graph, history, { limit: Infinity, hopSeeds: 0 }, mask, work)
        const expected = [...naiveScores(history)].filter(([item]) => !mask[item])
        expect(work.count).toBe(expected.length)
        for (const [item, score] of expected) {
          expect(work.graph[work.find(item)]).toBeCloseTo(score, 5)
        }
      }),
    )
  })

  it('over the limit keep the best of one hop before any of two', () => {
    const work = new Workspace(ITEMS, 16)
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 30 }), (history, limit) => {
        gatherFromGraph(graph, history, { limit: Infinity, hopSeeds: 2 }, undefined, work)
        const all = Array.from(work.items.subarray(0, work.count))
        const reached = naiveScores(history)
        gatherFromGraph(graph, history, { limit, hopSeeds: 2 }, undefined, work)
        const kept = Array.from(work.items.subarray(0, work.count))
        expect(kept).toHaveLength(Math.min(limit, all.length))
        const direct = kept.filter((item) => reached.has(item))
        expect(direct).toHaveLength(Math.min(limit, reached.size))
        const least = Math.min(...direct.map((item) => reached.get(item)!))
        const better = [...reached.values()].filter((score) => score > least + 1e-6)
        expect(better.length).toBeLessThan(Math.max(1, direct.length))
        for (const item of all) expect(work.find(item) >= 0).toBe(kept.includes(item))
      }),
    )
  })
})

describe('likely candidates', () => {
  const scored = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 5 })), {
    minLength: 1,
    maxLength: ITEMS,
  })

  it('are those that both lists place highest; ties share a place', () => {
    const work = new Workspace(ITEMS, 16)
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: ITEMS }), (pairs, limit) => {
        work.clear()
        for (const [item, [logit, score]] of pairs.entries()) {
          const place = work.add(item)
          work.dense[place] = logit
          work.graph[place] = score
        }
        const worth = pairs.map(([logit, score]) => {
          const byLogit = 1 + pairs.filter(([other]) => other > logit).length
          const byScore = 1 + pairs.filter(([, other]) => other > score).length
          return { byLogit, byScore, sum: 1 / (4 + byLogit) + 1 / (4 + byScore) }
        })
        rankCandidates(work)
        keepLikely(limit, work)
        const kept = Array.from(work.items.subarray(0, work.count))
        expect(kept).toHaveLength(Math.min(limit, pairs.length))
        for (const [place, item] of kept.entries()) {
          expect(work.denseRank[place]).toBe(worth[item]!.byLogit)
          expect(work.graphRank[place]).toBe(worth[item]!.byScore)
        }
        const least = Math.min(...kept.map((item) => worth[item]!.sum))
        for (const [item, { sum }] of worth.entries()) {
          if (!kept.includes(item)) expect(sum).toBeLessThanOrEqual(least + 1e-6)
        }
      }),
    )
  })
})

describe('chooseBest', () => {
  it('is a sort by falling score and rising item, cut at k', () => {
    const scored = fc.uniqueArray(fc.tuple(fc.nat(999), fc.integer({ min: -3, max: 3 })), {
      selector: ([i]) => i,
    })
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 30 }), (pairs, k) => {
        const items = Uint32Array.from(pairs, ([item]) => item)
        const scores = Float32Array.from(pairs, ([, score]) => score)
        const order = new Uint32Array(Math.max(k, pairs.length))
        const found = chooseBest(scores, pairs.length, items, k, order)
        const expected = pairs.toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, k)
        expect(Array.from(order.subarray(0, found), (place) => items[place])).toEqual(
          expected.map(([i]) => i),
        )
      }),
    )
  })
})

function dot(weights: readonly number[], values: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + value * weights[i]!, 0)
}

describe('the ranker', () => {
  it('scores raw features as its layers score normalised ones', () => {
    const { means, deviations } = TINY_RERANKER
    const layers = [
      { inputs: 4, outputs: 2, weights: [1, -2, 0.5, 0, 0.3, 0.3, -1, 2], biases: [0.1, -0.2] },
      { inputs: 2, outputs: 1, weights: [1.5, -0.7], biases: [0.05] },
    ]
    const reranker = foldNormalization(readReranker(writeReranker({ ...TINY_RERANKER, layers })))
    const row = Float32Array.from({ length: FEATURE_COUNT }, (_, i) => Math.sin(i))
    const inputs = TINY_RERANKER.features.map(
      (name, i) => (row[FEATURE_NAMES.indexOf(name)]! - means[i]!) / deviations[i]!,
    )
    const hidden = [
      Math.max(0, 0.1 + dot([1, -2, 0.5, 0], inputs)),
      Math.max(0, -0.2 + dot([0.3, 0.3, -1, 2], inputs)),
    ]
    expect(scoreRow(reranker, row, 0)).toBeCloseTo(0.05 + dot([1.5, -0.7], hidden), 5)
    expect(scoreRow(foldNormalization({ ...TINY_RERANKER, layers }), row, 0)).toBeCloseTo(
      scoreRow(reranker, row, 0),
      5,
    )
  })

  it('with a feature that this code does not compute is unsupported, and the feature is named', () => {
    const bytes = writeReranker(TINY_RERANKER)
    const text = new TextDecoder().decode(bytes).replace('"hops"', '"moonPhase"')
    expect(() => foldNormalization(readReranker(new TextEncoder().encode(text)), COLUMNS)).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED', message: expect.stringContaining('moonPhase') }),
    )
  })
})
