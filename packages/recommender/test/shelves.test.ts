import { describe, expect, it } from 'vitest'
import {
  DEFAULT_SHELVES,
  type HabitFeature,
  POPULARITY_SHARES,
  type ShelfSettings,
  loadModel,
  readShelfSettings,
  recommend,
  scoreTrend,
  writeReranker,
} from '../src/index.ts'
import { TINY_RERANKER, manifestOf, tinyArtifacts } from './tiny-shop.ts'

const DAY = 86_400_000

/** Items 5 and 6 on the first day, 5 again on the second. */
const HISTORY = [
  { item: 'i5', at: 0 },
  { item: 'i6', at: 60_000 },
  { item: 'i5', at: DAY },
]

async function shopWith(shelves?: ShelfSettings) {
  const artifacts = tinyArtifacts()
  if (shelves) artifacts.set('reranker', writeReranker({ ...TINY_RERANKER, shelves }))
  return loadModel(manifestOf(artifacts), artifacts, { devices: ['scalar'] })
}

describe('shelves of long history', () => {
  it('list what was bought in most visits first, and in buy-again nothing else', async () => {
    const model = await shopWith()
    const again = await recommend(model, { placement: 'buy-again', k: 8 }, HISTORY)
    expect(again.items.map(({ item }) => item)).toEqual(['i5', 'i6'])
    expect(again.items[0]!.reasons[0]).toMatchObject({ kind: 'history', item: 'i5', title: 'Item 5' })
    const basket = await recommend(model, { placement: 'next-basket', k: 8 }, HISTORY)
    expect(basket.items.slice(0, 2).map(({ item }) => item)).toEqual(['i5', 'i6'])
    expect(basket.items).toHaveLength(8)
    expect(basket.source).toBe('personal')
  })

  it('list what neighbours lead to and the shopper never had, with the items that led there', async () => {
    const model = await shopWith({
      ...DEFAULT_SHELVES,
      forYou: { decay: 0.9, neighbours: 1, popularity: 0, season: 0 },
    })
    const { items } = await recommend(model, { placement: 'for-you', k: 3 }, HISTORY)
    // 7 follows 6 at once and 5 at two steps.
    expect(items[0]!.item).toBe('i7')
    expect(items.map(({ item }) => item)).not.toContain('i5')
    expect(items[0]!.reasons.map((reason) => 'item' in reason && reason.item)).toEqual(['i6', 'i5'])
  })

  it('count an event by what its type weighs', async () => {
    const history = [
      { item: 'i20', type: 'purchase' as const, at: 0 },
      { item: 'i30', type: 'view' as const, at: DAY },
    ]
    const firstWith = async (types: ShelfSettings['types']) => {
      const model = await shopWith({ ...DEFAULT_SHELVES, types })
      return (await recommend(model, { placement: 'buy-again', k: 2 }, history)).items[0]!.item
    }
    expect(await firstWith({})).toBe('i30')
    expect(await firstWith({ view: 0.2 })).toBe('i20')
  })

  it('obey rules, and fall back to what is popular for somebody new', async () => {
    const model = await shopWith()
    const request = { placement: 'next-basket', k: 5, exclude: ['i5'] }
    const { items } = await recommend(model, request, HISTORY)
    expect(items.map(({ item }) => item)).not.toContain('i5')
    const stranger = await recommend(model, { placement: 'for-you', k: 3 }, [])
    expect(stranger.source).toBe('popularity')
    expect(stranger.items.map(({ item }) => item)).toEqual(['i0', 'i1', 'i2'])
    expect((await recommend(model, { placement: 'buy-again', k: 3 }, [])).items).toEqual([])
  })
})

/** Ranks by one feature alone. */
function networkOf(feature: HabitFeature, weight: number): NonNullable<ShelfSettings['habits']> {
  return {
    features: [feature],
    means: [0],
    deviations: [1],
    layers: [{ inputs: 1, outputs: 1, weights: [weight], biases: [0] }],
  }
}

describe('a network of habits', () => {
  const request = { placement: 'next-basket', k: 8 }

  it('ranks anew what the formula found', async () => {
    const latestFirst = await shopWith({ ...DEFAULT_SHELVES, habits: networkOf('ownRecency', 1) })
    const { items } = await recommend(latestFirst, request, HISTORY)
    expect(items.slice(0, 2).map(({ item, score }) => [item, score])).toEqual([
      ['i5', 1],
      ['i6', 0.5],
    ])
    const latestLast = await shopWith({ ...DEFAULT_SHELVES, habits: networkOf('ownRecency', -1) })
    const again = await recommend(latestLast, { ...request, placement: 'buy-again' }, HISTORY)
    expect(again.items.map(({ item }) => item)).toEqual(['i6', 'i5'])
  })

  it('fills the home shelf where a visit begins, and not in the middle of one', async () => {
    const home = { placement: 'home', k: 8 }
    const model = await shopWith({ ...DEFAULT_SHELVES, habits: networkOf('popularity', -1) })
    const forYou = await recommend(model, { ...home, placement: 'for-you' }, HISTORY)
    expect((await recommend(model, home, HISTORY)).items).toEqual(forYou.items)
    const now = HISTORY.map((event) => ({ ...event, at: Date.now() }))
    const next = await recommend(model, home, now)
    expect(next.items).not.toEqual(forYou.items)
    const untrained = await shopWith()
    expect((await recommend(untrained, home, HISTORY)).items).toEqual(next.items)
  })

  it('names what a score goes back to: without it, the item falls', async () => {
    const reasonsBy = async (feature: HabitFeature, history = HISTORY) => {
      const model = await shopWith({ ...DEFAULT_SHELVES, habits: networkOf(feature, 1) })
      return (await recommend(model, request, history)).items[0]!
    }
    const own = await reasonsBy('ownVisits')
    expect(own).toMatchObject({ item: 'i5', reasons: [{ kind: 'history', item: 'i5', weight: 1 }] })
    const led = await reasonsBy('led')
    expect(led.item).toBe('i6')
    expect(led.reasons).toEqual([expect.objectContaining({ kind: 'history', item: 'i5', weight: 1 })])
    const without = await reasonsBy(
      'led',
      HISTORY.filter(({ item }) => item !== 'i5'),
    )
    expect(without.item).not.toBe('i6')
    expect((await reasonsBy('popularity10')).reasons).toEqual([{ kind: 'popular', weight: 1 }])
  })

  it.each(['visits', 'a feature of tomorrow'])('is read or refused by its names: %s', async (name) => {
    const habits = networkOf(name as HabitFeature, 1)
    const read = () => readShelfSettings({ habits })
    if (name === 'visits') expect(read().habits).toEqual(habits)
    else expect(read).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }))
  })
})

/** The first of the shelf of items like `i8`. */
async function similarBy(similar: ShelfSettings['similar']) {
  const model = await shopWith({ ...DEFAULT_SHELVES, similar })
  const { items, source } = await recommend(model, { placement: 'similar', anchor: 'i8', k: 3 }, [])
  expect(source).toBe('neighbours')
  expect(items.map(({ item }) => item)).not.toContain('i8')
  return items
}

describe('similar items', () => {
  it('are those near the anchor, and as far as settings say those that follow it', async () => {
    const near = await similarBy({ graph: 0, popularity: 0 })
    expect(near.map(({ details }) => details?.category)).toEqual(['c0', 'c0', 'c0'])
    expect(near[0]!.reasons).toEqual([{ kind: 'anchor', item: 'i8', weight: 1 }])
    expect((await similarBy({ graph: 5, popularity: 0 }))[0]!.item).toBe('i9')
  })

  it('say how much of their place they owe to being popular', async () => {
    const [first] = await similarBy({ graph: 0, popularity: 100 })
    expect(first!.item).toBe('i0')
    expect(first!.reasons[0]).toMatchObject({ kind: 'popular' })
  })
})

describe('trend', () => {
  it('puts what sells above its usual rate before what sells most', async () => {
    const count = 3
    const popularity = new Float32Array(POPULARITY_SHARES.length * count)
    // In all, and in the newest tenth: as usual; twice as much; little, but suddenly.
    const times = [
      [1000, 200, 12],
      [100, 40, 10],
    ]
    for (let item = 0; item < count; item++) {
      popularity[item] = Math.log1p(times[0]![item]!)
      popularity[2 * count + item] = Math.log1p(times[1]![item]!)
    }
    const scores = new Float32Array(count)
    scoreTrend({ count, prior: 0, popularity }, { recent: 2, smoothing: 3, power: 0 }, scores)
    expect(Array.from(scores, (score) => Math.round(score) || 0)).toEqual([0, 20, 9])
    scoreTrend({ count, prior: 0, popularity }, { recent: 2, smoothing: 3, power: 1 }, scores)
    expect(scores[2]).toBeGreaterThan(scores[1]!)
  })

  it('fills a shelf of its own', async () => {
    const model = await shopWith()
    const { items, source } = await recommend(
      model,
      { placement: 'trending', k: 4, exclude: ['i0'] },
      HISTORY,
    )
    expect(items).toHaveLength(4)
    expect(items.map(({ item }) => item)).not.toContain('i0')
    expect(source).toBe('popularity')
  })
})

describe('settings of shelves', () => {
  it('are as without training where a ranker says nothing', () => {
    expect(readShelfSettings(undefined)).toEqual(DEFAULT_SHELVES)
    expect(readShelfSettings({ buyAgain: { decay: 0.5 } }).buyAgain).toEqual({
      ...DEFAULT_SHELVES.buyAgain,
      decay: 0.5,
    })
  })

  it.each([
    { buyAgain: { decay: -1 } },
    { forYou: { popularity: 'x' } },
    { trending: { recent: 0 } },
    { types: { view: 1e9 } },
  ])('are refused where they make no sense: %j', (shelves) => {
    expect(() => readShelfSettings(shelves)).toThrow('reranker')
  })
})
