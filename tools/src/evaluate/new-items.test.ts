import { type Model, loadModel } from '@vitrine/recommender'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { trainModel } from '../train/index.ts'
import { rankNewItems } from './new-items.ts'

/** Two kinds of things that are never bought together, 40 of each; the last five of each kind are new. */
const KINDS = ['red', 'blue']
const catalogue = KINDS.flatMap((kind) =>
  Array.from({ length: 40 }, (_, i) => ({ id: `${kind}-${i}`, title: `${kind} thing`, category: kind })),
)
const isNew = (item: number): boolean => item % 40 >= 35

let model: Model
const counts = new Map<string, number>()

beforeAll(async () => {
  const sessions = Array.from({ length: 400 }, (_, s) =>
    Array.from({ length: 5 }, (__, step) => 40 * (s % 2) + ((Math.floor(s / 2) + 3 * step) % 35)),
  )
  for (const item of sessions.flat()) {
    const { id } = catalogue[item]!
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  const trained = await trainModel({
    modelId: 'kinds',
    catalogue,
    sessions: {
      offsets: Uint32Array.from({ length: 401 }, (_, s) => 5 * s),
      items: Uint32Array.from(sessions.flat()),
    },
    seed: 1,
    createdAt: '2026-01-01T00:00:00Z',
  })
  model = await loadModel(trained.manifest, trained.artifacts, { devices: ['scalar'] })
}, 120_000)
afterAll(() => model.dispose())

it('ranks new items among each other: better than by chance, and where categories tell all, by these', async () => {
  const cases = Array.from({ length: 20 }, (_, c) => {
    const kind = KINDS[c % 2]!
    return { session: c, prefix: [`${kind}-${c}`], target: `${kind}-${35 + (c % 5)}` }
  })
  const others = [{ session: 20, prefix: ['red-1'], target: 'red-2' }]
  const report = (await rankNewItems(model, [...cases, ...others], counts, { k: 5 }))!
  expect(catalogue.filter((_, item) => isNew(item))).toHaveLength(report.items)
  expect(report.cases).toBe(20)
  expect(report.category.hit_rate).toBe(1)
  expect(report.chance.hit_rate).toBe(0.5)
  expect(report.model.hit_rate).toBeGreaterThan(report.chance.hit_rate + 0.1)
})

it('says nothing where no case went on to a new item', async () => {
  const cases = [{ session: 0, prefix: ['red-1'], target: 'red-2' }]
  expect(await rankNewItems(model, cases, counts, { k: 5 })).toBeUndefined()
})
