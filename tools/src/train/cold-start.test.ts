import { describe, expect, it, vi } from 'vitest'
import { loadModel, recommend } from '@vitrine/recommender'
import { hiddenItems } from '../data/hidden-items.ts'
import { type TrainInput, trainModel } from './index.ts'
import { createRandom } from './random.ts'

// Training takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const KINDS = ['mug', 'lamp', 'scarf', 'puzzle']
const COLOURS = ['red', 'blue', 'green', 'white', 'black']
const PER_KIND = 30

/** Shoppers keep to one kind of thing; the last two items of each kind have no events. */
function shop(): TrainInput {
  const random = createRandom(5)
  const catalogue = KINDS.flatMap((kind, k) =>
    Array.from({ length: PER_KIND }, (_, i) => ({
      id: `${kind}-${i}`,
      title: `${COLOURS[i % COLOURS.length]!} ${kind} No. ${i}`,
      category: kind.toUpperCase(),
      price: 5 * (k + 1),
    })),
  )
  const offsets = [0]
  const items: number[] = []
  for (let s = 0; s < 2000; s++) {
    const kind = Math.floor(KINDS.length * random())
    for (let i = 0; i < 5; i++) items.push(kind * PER_KIND + Math.floor((PER_KIND - 2) * random()))
    offsets.push(items.length)
  }
  return {
    modelId: 'kinds',
    catalogue,
    sessions: { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) },
    seed: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
  }
}

describe('items without events', () => {
  it('stand among their kind, as anchors and in lists', async () => {
    const input = shop()
    const { manifest, artifacts, report } = await trainModel(input)
    expect(report.coldStart).toMatchObject({ items: 2 * KINDS.length })
    expect(report.coldStart!.cosine).toBeGreaterThan(0.5)
    const model = await loadModel(manifest, artifacts)
    try {
      for (const kind of KINDS) {
        const fresh = `${kind}-${PER_KIND - 1}`
        for (const placement of ['similar', 'bought-together']) {
          const { items } = await recommend(model, { placement, anchor: fresh, k: 5 }, [])
          expect(items.map(({ item }) => item.split('-')[0])).toEqual(Array(5).fill(kind))
        }
        const { items } = await recommend(
          model,
          { placement: 'similar', anchor: `${kind}-3`, k: PER_KIND - 1 },
          [],
        )
        expect(items.map(({ item }) => item)).toContain(fresh)
      }
    } finally {
      model.dispose()
    }
  })

  it('are left where they were in a catalogue that says nothing of its items', async () => {
    const input = shop()
    const silent = input.catalogue.map(({ id }) => ({ id, title: id.replaceAll(/[a-z-]/gu, '') }))
    const { report } = await trainModel({ ...input, catalogue: silent })
    expect(report.coldStart!.cosine).toBeLessThan(0.5)
  })
})

describe('hiddenItems', () => {
  it('hides about the share, always the same items', () => {
    const ids = Array.from({ length: 2000 }, (_, i) => `item ${i}`)
    const hidden = ids.filter(hiddenItems(0.1))
    expect(hidden.length).toBeGreaterThan(150)
    expect(hidden.length).toBeLessThan(250)
    expect(ids.filter(hiddenItems(0.1))).toEqual(hidden)
    expect(ids.filter(hiddenItems(0))).toEqual([])
  })
})
