import { describe, expect, it } from 'vitest'
import type { SessionLog } from '../../data/session-log.ts'
import { itemKnn, itemKnnPearson } from './item-knn.ts'
import { popularity, sessionPopularity } from './popularity.ts'
import { sequentialRules } from './sequential-rules.ts'
import { sessionKnn } from './session-knn.ts'
import { stan } from './stan.ts'
import { panelOfOne } from '../panel/one-thread.ts'
import { BASELINES, createBaselines } from './families.ts'
import { tuneBaseline } from './tune.ts'

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
  // a, b, c, d are in 3, 3, 2 and 1 of 4 sessions.
  const log = logOf(['ab', 'abc', 'aab', 'cd'])

  it('ranks by the cosine: √(1/2) for c and d, 1/√6 for c and a', () => {
    const settings = { ...itemKnn.start, neighbours: 9, shrinkage: 0, history: 1 }
    expect(itemKnn.fit(log)(settings)(['c'], 9)).toEqual(['d', 'a', 'b'])
    expect(itemKnn.fit(log)({ ...settings, neighbours: 1 })(['c'], 9)).toEqual(['d'])
  })

  it('lets Pearson drop what meets less often than chance has it', () => {
    const settings = { ...itemKnnPearson.start, neighbours: 9, shrinkage: 0, history: 1 }
    expect(itemKnnPearson.fit(log)(settings)(['c'], 9)).toEqual(['d'])
    expect(itemKnnPearson.fit(log)(settings)(['a'], 9)).toEqual(['b'])
  })

  it('lets the newest items vote, weighted by their step', () => {
    const settings = { neighbours: 10, shrinkage: 0, history: 2, decay: 0.1, repeats: true }
    const rankers = itemKnn.fit(log)
    expect(rankers(settings)(['b', 'c'], 1)).toEqual(['d'])
    expect(rankers({ ...settings, repeats: false })(['d', 'b'], 9)).toEqual(['a', 'c'])
    expect(rankers(settings)(['unknown'], 3)).toEqual([])
  })
})

describe('popularity', () => {
  const log = logOf(['aaa', 'aab', 'bc', 'cc'])

  it('counts the newest part of the sessions', () => {
    expect(popularity.fit(log)({ window: 1 })([], 1)).toEqual(['a'])
    expect(popularity.fit(log)({ window: 0.5 })([], 1)).toEqual(['c'])
  })

  it('puts what is frequent in the session first', () => {
    const rankers = sessionPopularity.fit(log)
    expect(rankers({ window: 1, newestFirst: true })(['b', 'b', 'c', 'x'], 4)).toEqual(['b', 'x', 'c', 'a'])
    expect(rankers({ window: 1, newestFirst: false })(['b', 'b', 'c', 'x'], 4)).toEqual(['b', 'c', 'x', 'a'])
  })
})

describe('sequential rules', () => {
  it('go forward only, and weigh by distance', () => {
    const log = logOf(['abc', 'axxxc', 'ac'])
    const ask = sequentialRules.fit(log)({ steps: 10, weighting: 'reciprocal', rules: 9 })
    // c: 1/2 + 1/4 + 1; b: 1; x: 1 + 1/2 + 1/3.
    expect(ask(['x', 'a'], 9)).toEqual(['x', 'c', 'b'])
    expect(ask(['c'], 9)).toEqual([])
    expect(sequentialRules.fit(log)({ steps: 1, weighting: 'same', rules: 1 })(['b'], 9)).toEqual(['c'])
  })
})

describe('V-SKNN', () => {
  it('lets the sessions vote that share the newest items', () => {
    const ask = sessionKnn.fit(logOf(['ax', 'by', 'abz']))({ ...sessionKnn.start, neighbours: 1, idf: 0 })
    expect(ask(['a', 'b'], 3)).toContain('z')
    expect(ask(['a', 'b'], 3)).not.toContain('x')
    expect(ask(['unknown'], 3)).toEqual([])
  })

  it('looks at the newest sessions alone', () => {
    const ask = sessionKnn.fit(logOf(['ax', 'ay', 'az']))({ ...sessionKnn.start, sample: 2 })
    expect(ask(['a'], 9)).toEqual(expect.arrayContaining(['a', 'y', 'z']))
    expect(ask(['a'], 9)).not.toContain('x')
  })
})

describe('STAN', () => {
  it('prefers newer sessions, and items near the shared one', () => {
    const settings = { ...stan.start, votesForShared: false }
    expect(stan.fit(logOf(['ax', 'ay']))(settings)(['a'], 9)).toEqual(['y', 'x'])
    expect(stan.fit(logOf(['axyz']))(settings)(['a'], 9)).toEqual(['x', 'y', 'z'])
    expect(stan.fit(logOf(['axy']))(stan.start)(['a'], 9)).toEqual(['a', 'x', 'y'])
  })
})

describe('tuning', () => {
  it.each(BASELINES)('finds settings for %s', async (name) => {
    const cycle = Array.from({ length: 80 }, (_, i) => 'abcdef'.slice(i % 4, (i % 4) + 3))
    const train = logOf(cycle)
    const panel = panelOfOne({ openModel: () => Promise.reject(new Error('no model')), train })
    const { settings, trials } = await tuneBaseline(name, train, panel, { k: 6 })
    const rank = createBaselines(train, name)('train', settings)
    expect(trials).toBeGreaterThan(5)
    expect(await rank(['a', 'b'], 6)).toContain('c')
  })
})
