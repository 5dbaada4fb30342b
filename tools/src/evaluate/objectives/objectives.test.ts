import { describe, expect, it } from 'vitest'
import type { SessionLog } from '../../data/session-log.ts'
import { measureShelf, shelfRatesOf } from './measure-shelf.ts'
import type { ShelfQuestion } from './question.ts'
import { personalFrequency, personalRecency, titleWords } from './shelf-family.ts'
import { SHELF_OBJECTIVES } from './shelf-objectives.ts'
import { TREND_OBJECTIVE } from './trend-objective.ts'

const IDS = 'abcdefgh'.split('')

/** One letter an item; `who` has a letter a session. */
function logOf(sessions: readonly string[], who = '', from = 0): SessionLog {
  const at = Float64Array.from(sessions, (_, s) => (from + s) * 86_400_000)
  return {
    ids: IDS,
    sessions: {
      offsets: Uint32Array.of(0, ...sessions.map((_, s) => sessions.slice(0, s + 1).join('').length)),
      items: Uint32Array.from(sessions.join(''), (id) => IDS.indexOf(id)),
    },
    times: { started: at, ended: at },
    ...(who && { users: who.split('') }),
  }
}

const historyOf = ({ history }: ShelfQuestion) => history.map(({ item }) => item).join('')

describe('questions of the next visit', () => {
  const known = logOf(['ab', 'c'], 'XY')
  const asked = logOf(['ad', 'ae', 'c'], 'XXZ', 2)

  it('have all earlier visits of the shopper, those among the asked too, and nobody else’s', () => {
    const questions = SHELF_OBJECTIVES['next-basket'].ask(known, asked, 20)
    expect(questions.map(historyOf)).toEqual(['ab', 'abad'])
    expect(questions.map(({ relevant }) => [...relevant].join(''))).toEqual(['ad', 'ae'])
    expect(questions[0]!.shopper).toBe(questions[1]!.shopper)
  })

  it('fall into what comes again and what is new', () => {
    const again = SHELF_OBJECTIVES['repeat-purchase'].ask(known, asked, 20)
    expect(again.map(({ relevant }) => [...relevant].join(''))).toEqual(['a', 'a'])
    const fresh = SHELF_OBJECTIVES['for-you'].ask(known, asked, 20)
    expect(fresh.map(({ relevant }) => [...relevant].join(''))).toEqual(['d', 'e'])
  })

  it('are none where nobody knows the shoppers', () => {
    expect(SHELF_OBJECTIVES['next-basket'].ask(logOf(['ab']), logOf(['ab']), 20)).toEqual([])
  })
})

describe('other questions', () => {
  it('leave items out of a basket in turn; the anchor is one of the rest', () => {
    const questions = SHELF_OBJECTIVES['bought-together'].ask(logOf([]), logOf(['abc', 'd', 'dd']), 20)
    expect(questions).toHaveLength(2)
    for (const { history, anchor, relevant } of questions) {
      const rest = history.map(({ item }) => item)
      expect([...rest, ...relevant].toSorted().join('')).toBe('abc')
      expect(rest).toContain(anchor)
    }
  })

  it('name the companions to come of each known item', () => {
    const asked = logOf(['ab', 'ab', 'ab', 'ac', 'ac'])
    const questions = SHELF_OBJECTIVES.similar.ask(logOf(['ac']), asked, 20)
    expect(questions).toMatchObject([{ anchor: 'a', relevant: new Set(['b']) }])
  })

  it('ask of each moment what rises after it, and show nobody what comes then', async () => {
    const known = logOf(['a', 'a', 'a', 'b', 'a', 'a', 'a', 'b', 'a', 'a'])
    const asked = logOf(['b', 'c', 'b', 'b', 'c', 'c', 'b', 'b', 'b', 'd'])
    const questions = TREND_OBJECTIVE.ask(known, asked, 20)
    expect(questions).toHaveLength(10)
    expect(questions.map(({ relevant }) => [...relevant].join(''))).toEqual('bcbbccbbbd'.split(''))
    const log = TREND_OBJECTIVE.joined(known, asked)
    const rank = TREND_OBJECTIVE.baselines['popularity']!.fit({ log, catalogue: [] })({ window: 1 })
    expect(await rank(questions[0]!, 3)).toEqual(['a', 'b'])
    expect(await rank(questions[2]!, 3)).toEqual(['a', 'b', 'c'])
  })
})

describe('measures of shelves', () => {
  it('count right items, and gain by place', async () => {
    const question = { shopper: 0, history: [], relevant: new Set(['a', 'b', 'z']) }
    const rates = shelfRatesOf(await measureShelf(() => ['c', 'a', 'd', 'b'], [question], { k: 4 }))
    expect(rates.recall).toBeCloseTo(2 / 3)
    expect(rates.precision).toBeCloseTo(0.5)
    expect(rates.hit_rate).toBe(1)
    const gain = 1 / Math.log2(3) + 1 / Math.log2(5)
    expect(rates.ndcg).toBeCloseTo(gain / (1 + 1 / Math.log2(3) + 1 / 2))
  })
})

describe('baselines of shelves', () => {
  const log = logOf(['hg', 'h'])
  const question = {
    shopper: 0,
    history: 'aabc'.split('').map((item, at) => ({ item, at })),
    relevant: new Set<string>(),
  }

  it('rank what the shopper had most often, and fill by what all like', () => {
    const settings = { events: 500, window: 1 }
    const data = { log, catalogue: [] }
    expect(personalFrequency(false).fit(data)(settings)(question, 9)).toEqual(['a', 'b', 'c'])
    expect(personalFrequency(true).fit(data)(settings)(question, 4)).toEqual(['a', 'b', 'c', 'h'])
    expect(personalFrequency(false).fit(data)({ events: 2, window: 1 })(question, 9)).toEqual(['b', 'c'])
  })

  it('rank what the shopper had last', () => {
    expect(personalRecency.fit({ log, catalogue: [] })({ window: 1 })(question, 2)).toEqual(['c', 'b'])
  })

  it('rank titles that share rare words', () => {
    const catalogue = ['red mug', 'blue mug', 'red rose lamp', 'rose lamp'].map((title, i) => ({
      id: IDS[i]!,
      title,
    }))
    const rank = titleWords.fit({ log, catalogue })({ category: 0 })
    expect(rank({ ...question, history: [], anchor: 'd' }, 1)).toEqual(['c'])
  })
})
