/** Packing a starter: what is in it, how large it gets, and that it answers as it should. */
import { describe, expect, it, vi } from 'vitest'
import type { ArtifactRole, CatalogueItem, Manifest } from '@vitrine/contracts'
import {
  POPULARITY_SHARES,
  loadStarter,
  recommend,
  writeCatalogue,
  writeGraph,
  writeStatistics,
} from '@vitrine/recommender'
import { MAX_STARTER_BYTES, type Revision, transferred, withStarter } from './index.ts'
import { createRandom } from './random.ts'
import { packStarter } from './starter.ts'

// Compressing takes tenths of a second on a quiet machine, seconds on a busy one.
vi.setConfig({ testTimeout: 60_000 })

const ITEMS = 2000
const DEGREE = 20
const random = createRandom(11)

const words = Array.from({ length: 400 }, (_, i) => `word${i.toString(36)}`)
const word = (): string => words[Math.floor(random() * words.length)]!
const CATALOGUE: CatalogueItem[] = Array.from({ length: ITEMS }, (_, i) => ({
  id: `${10_000 + ((i * 7919) % 90_000)}`,
  title: `${word()} ${word()} ${word()}`,
  price: Math.round(1000 * random()) / 100,
  image: `/pictures/${word()}-${i}.webp`,
  url: `/product/${i}`,
  inStock: random() < 0.9,
}))

/** The most popular items have the largest indices, so that places and indices differ. */
const level = (item: number): number => Math.floor((255 * item) / ITEMS)
const byPopularity = CATALOGUE.map((item, i) => ({ item, i }))
  .toSorted((a, b) => level(b.i) - level(a.i) || a.i - b.i)
  .map(({ item }) => item)

function artifacts(catalogue: readonly CatalogueItem[] = CATALOGUE): Map<ArtifactRole, Uint8Array> {
  const rows = Array.from({ length: ITEMS }, (_, i) =>
    [...new Set(Array.from({ length: DEGREE }, () => Math.floor(random() * ITEMS)))]
      .filter((to) => to !== i)
      .toSorted((a, b) => a - b),
  )
  const offsets = new Uint32Array(ITEMS + 1)
  for (const [i, row] of rows.entries()) offsets[i + 1] = offsets[i]! + row.length
  const neighbours = Uint32Array.from(rows.flat())
  return new Map<ArtifactRole, Uint8Array>([
    ['catalogue', writeCatalogue(catalogue)],
    [
      'statistics',
      writeStatistics({
        count: ITEMS,
        prior: 1,
        popularity: Uint8Array.from({ length: POPULARITY_SHARES.length * ITEMS }, (_, at) =>
          level(at % ITEMS),
        ),
        scales: new Float32Array(POPULARITY_SHARES.length).fill(8),
      }),
    ],
    [
      'graph',
      writeGraph({
        settings: { window: 10, decay: 0.5, selfWeight: 0 },
        offsets,
        neighbours,
        weights: Uint8Array.from(neighbours, () => 1 + Math.floor(random() * 255)),
        scales: new Float32Array(ITEMS).fill(1),
      }),
    ],
    ['embeddings', new Uint8Array(ITEMS * 64)],
  ])
}

const whole = artifacts()
const packed = packStarter(whole, 20_000)!

describe('a packed starter', () => {
  it.each([10_000, MAX_STARTER_BYTES])('of %i bytes is that large as transferred', (budget) => {
    const bytes = transferred(packStarter(whole, budget)!.bytes)
    expect(bytes).toBeLessThanOrEqual(budget)
    expect(bytes).toBeGreaterThan(0.8 * budget)
  })

  it('holds the most popular items with all that a card shows, and edges among them alone', async () => {
    const { bytes, items } = packed
    const model = await loadStarter({ revision: 'r' } as Manifest, bytes)
    const { catalogue, graph } = model
    expect(catalogue.ids).toHaveLength(items)
    const { items: popular } = await recommend(model, { placement: 'popular', k: 3 }, [])
    expect(popular.map(({ details }) => details)).toEqual(byPopularity.slice(0, 3))
    expect(graph.neighbours.length).toBeGreaterThan(items)
    // The strongest edge of the most viewed item leads its list.
    const best = [...graph.neighbours.subarray(0, graph.offsets[1])].toSorted(
      (a, b) => weightTo(graph, b) - weightTo(graph, a),
    )[0]!
    const { items: next } = await recommend(
      model,
      { placement: 'bought-together', anchor: catalogue.ids[0]!, k: 1 },
      [],
    )
    expect(next[0]!.item).toBe(catalogue.ids[best])
    model.dispose()
  })

  it('is the same for the same revision', () => {
    expect(packStarter(whole, 20_000)).toEqual(packed)
  })

  it('has fewer items where they take more to show', () => {
    const long = CATALOGUE.map((item): CatalogueItem =>
      Object.assign({}, item, { title: `${item.title} ${'abcdefgh'.repeat(2)}${random()}` }),
    )
    expect(packStarter(artifacts(long), 20_000)!.items).toBeLessThan(packed.items)
  })

  it('is left out where the model itself is hardly larger, or its budget shows no page', () => {
    const size = [...whole.values()].reduce((sum, { length }) => sum + length, 0)
    expect(packStarter(whole, size / 2)).toBeUndefined()
    expect(packStarter(whole, 500)).toBeUndefined()
  })
})

describe('a revision with a starter', () => {
  const revision: Revision = {
    manifest: {
      schema: 1,
      id: 'shop',
      revision: 'before',
      createdAt: '2026-01-01T00:00:00.000Z',
      items: ITEMS,
      dimension: 64,
      artifacts: [...whole].map(([role, bytes]) => ({
        role,
        sha256: role.padEnd(64, '0'),
        bytes: bytes.length,
        dtype: 'json',
        shape: [],
      })),
    },
    artifacts: whole,
  }

  const once = withStarter(revision, 20_000)

  it('lists it first and is named by its content; the rest stays as it is', () => {
    const { manifest, artifacts: bytes } = once
    expect(manifest.artifacts[0]).toMatchObject({
      role: 'starter',
      dtype: 'uint8',
      shape: [expect.any(Number)],
    })
    expect(manifest.artifacts.slice(1)).toEqual(revision.manifest.artifacts)
    expect(manifest.revision).toMatch(/^[0-9a-f]{16}$/u)
    expect(bytes.get('starter')!.length).toBe(manifest.artifacts[0]!.bytes)
  })

  it('given another one has that instead', () => {
    expect(withStarter(once, 20_000)).toEqual(once)
    const smaller = withStarter(once, 10_000)
    expect(smaller.manifest.artifacts).toHaveLength(once.manifest.artifacts.length)
    expect(smaller.manifest.revision).not.toBe(once.manifest.revision)
  })
})

function weightTo(
  { neighbours, weights }: { neighbours: Uint32Array; weights: Float32Array },
  to: number,
): number {
  return weights[neighbours.indexOf(to)]!
}
