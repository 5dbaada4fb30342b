import { describe, expect, it } from 'vitest'
import type { SessionLog } from '../data/session-log.ts'
import { fitBaseline } from './baselines.ts'
import { countPairs, itemKnnRanker, rankNeighboursBySimilarity } from './item-knn.ts'
import { fitPopularity } from './popularity.ts'

function logOf(sessions: string[]): SessionLog {
  const ids = [...new Set(sessions.join(''))]
  const lengths = sessions.map(({ length }) => length)
  return {
    ids,
    sessions: {
      offsets: Uint32Array.of(0, ...lengths.map((_, s) => lengths.slice(0, s + 1).reduce((a, b) => a + b))),
      items: Uint32Array.from(sessions.join(''), (id) => ids.indexOf(id)),
    },
  }
}

describe('item-kNN', () => {
  const pairs = countPairs(logOf(['ab', 'abc', 'aab', 'cd']))

  it('counts a pair once a session', () => {
    const a = pairs.ids.indexOf('a')
    const row = [...pairs.columns.subarray(pairs.offsets[a], pairs.offsets[a + 1])]
    const counts = pairs.counts.subarray(pairs.offsets[a], pairs.offsets[a + 1])
    expect(Object.fromEntries(row.map((b, e) => [pairs.ids[b], counts[e]]))).toEqual({ b: 3, c: 1 })
    expect(pairs.frequency[a]).toBe(3)
  })

  it('is the cosine of session vectors without shrinkage', () => {
    const { items, similarities } = rankNeighboursBySimilarity(pairs, 0, 10)
    const c = pairs.ids.indexOf('c')
    const of = (id: string): number => similarities[c]![items[c]!.indexOf(pairs.ids.indexOf(id))]!
    expect(of('d')).toBeCloseTo(1 / Math.sqrt(2 * 1))
    expect(of('a')).toBeCloseTo(1 / Math.sqrt(2 * 3))
  })

  it('lets the newest items vote, weighted by their step', () => {
    const neighbours = rankNeighboursBySimilarity(pairs, 0, 10)
    const settings = { neighbours: 10, shrinkage: 0, history: 2, decay: 0.1, repeats: true }
    expect(itemKnnRanker(pairs, neighbours, settings)(['b', 'c'], 1)).toEqual(['d'])
    expect(itemKnnRanker(pairs, neighbours, { ...settings, repeats: false })(['d', 'b'], 9)).toEqual([
      'a',
      'c',
    ])
    expect(itemKnnRanker(pairs, neighbours, settings)(['unknown'], 3)).toEqual([])
  })

  it('is tuned to something at least as good as a bad setting', async () => {
    const cycle = Array.from({ length: 80 }, (_, i) => 'abcdef'.slice(i % 4, (i % 4) + 3))
    const { rank } = await fitBaseline('item-knn', logOf(cycle), { k: 2 })
    expect((await rank(['a', 'b'], 1))[0]).toBe('c')
  })
})

describe('popularity', () => {
  it('counts the newest part of the sessions', () => {
    const log = logOf(['aaa', 'aab', 'bc', 'cc'])
    expect(fitPopularity(log, { window: 1 })([], 1)).toEqual(['a'])
    expect(fitPopularity(log, { window: 0.5 })([], 1)).toEqual(['c'])
  })
})
