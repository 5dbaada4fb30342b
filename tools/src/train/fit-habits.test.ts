import { type HabitFeature, type StoredNetwork, chooseBest, habitNetworkOf } from '@vitrine/recommender'
import { describe, expect, it } from 'vitest'
import { companionsOf } from './companions.ts'
import { fitHabits } from './fit-habits.ts'
import { type HabitLists, type HabitTrial, collectHabitLists } from './habit-lists.ts'
import { countPopularity } from './popularity.ts'
import type { Sessions } from './sessions.ts'
import { askNextVisits } from './shopper-visits.ts'

const ITEMS = 400
const SHOPPERS = 40
const VISITS = 12
const SET = 15

/** Each shopper comes for one set of items and for another, in turn: what was had last is what will not come now. */
function shopOfTurns(): { sessions: Sessions; shoppers: Int32Array } {
  const offsets = [0]
  const items: number[] = []
  const shoppers: number[] = []
  for (let visit = 0; visit < VISITS; visit++) {
    for (let shopper = 0; shopper < SHOPPERS; shopper++) {
      const first = 10 * shopper + (visit % 2) * 200
      for (let i = 0; i < SET; i++) items.push((first + i) % ITEMS)
      offsets.push(items.length)
      shoppers.push(shopper)
    }
  }
  return {
    sessions: { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) },
    shoppers: Int32Array.from(shoppers),
  }
}

const { sessions, shoppers } = shopOfTurns()
const evidence = {
  graph: {
    settings: { window: 1, decay: 1, selfWeight: 0 },
    offsets: new Uint32Array(ITEMS + 1),
    neighbours: new Uint32Array(),
    weights: new Float32Array(),
  },
  statistics: countPopularity(sessions, ITEMS, 0),
}
const trials: HabitTrial[] = [
  {
    recipe: 'next-basket',
    settings: { decay: 0.9, neighbours: 0, popularity: 0.1, season: 0 },
    weights: {},
  },
]
const options = { seed: 1, pause: async (): Promise<void> => undefined }

function recallOf(lists: HabitLists, network: StoredNetwork<HabitFeature>): number {
  const rank = habitNetworkOf(network)
  let sum = 0
  for (const [list, all] of lists.wanted.entries()) {
    const [first, end] = [lists.offsets[list]!, lists.offsets[list + 1]!]
    const scores = new Float32Array(end - first)
    rank(lists.features.subarray(first * lists.width), end - first, scores)
    const order = new Uint32Array(scores.length + 1)
    chooseBest(scores, scores.length, lists.items.subarray(first, end), SET, order)
    sum += order.subarray(0, SET).filter((row) => lists.shares[first + row]! > 0).length / all
  }
  return sum / lists.wanted.length
}

describe('a network of habits', () => {
  const questions = askNextVisits(sessions, shoppers, 6 * SHOPPERS, 1000)

  it('learns of visits what no decay can say', async () => {
    const network = await fitHabits(evidence, questions, trials, options)
    const lists = collectHabitLists(evidence, questions, trials)
    // The formula puts what was had last in front: none of it is right.
    expect(lists.shares.subarray(0, SET).every((share) => share === 0)).toBe(true)
    expect(recallOf(lists, network!)).toBeGreaterThan(0.95)
  }, 60_000)

  it('is none where few visits teach it', async () => {
    expect(await fitHabits(evidence, questions.slice(0, 100), trials, options)).toBeUndefined()
  })

  it('is none where the formula serves as well', async () => {
    // Whoever comes for the same each time: nothing can be better than all of it.
    const always = questions.map(({ visits }) => ({ visits, next: new Set(visits.at(-1)!.items) }))
    const latest = [{ ...trials[0]!, settings: { ...trials[0]!.settings, decay: 0.1 } }]
    expect(await fitHabits(evidence, always, latest, options)).toBeUndefined()
  }, 60_000)
})

describe('companions', () => {
  it('are those met three times at least, the most exclusive first', () => {
    const baskets = [[0, 1, 3], [0, 1, 2], [0, 1, 2], [2, 0, 2], [2], [2], [2]]
    const offsets = [0]
    for (const basket of baskets) offsets.push(offsets.at(-1)! + basket.length)
    const found = companionsOf(
      { offsets: Uint32Array.from(offsets), items: Uint32Array.from(baskets.flat()) },
      5,
    )
    expect([...found]).toEqual([
      [0, [1, 2]],
      [1, [0]],
      [2, [0]],
    ])
  })
})
