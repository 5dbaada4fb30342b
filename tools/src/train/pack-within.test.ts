import { describe, expect, it } from 'vitest'
import { loadModel, rankNext, selfTest } from '@vitrine/recommender'
import { packInt8 } from './pack-revision.ts'
import { packWithin } from './pack-within.ts'
import { PLAIN_RERANKER } from './plain-reranker.ts'
import { createRandom, normal } from './random.ts'

const ITEMS = 400
const EDGES = 48

/** Every item leads to the next ones, the nearer the more. */
function parts(): Parameters<typeof packWithin>[1] {
  const random = createRandom(5)
  const dimension = 16
  const values = Float32Array.from({ length: ITEMS * dimension }, () => normal(random) / 4)
  const neighbours: number[] = []
  const weights: number[] = []
  for (let item = 0; item < ITEMS; item++) {
    const row = Array.from({ length: EDGES }, (_, i) => [(item + 1 + i) % ITEMS, 1 / (1 + i)] as const)
    for (const [neighbour, weight] of row.toSorted((a, b) => a[0] - b[0])) {
      neighbours.push(neighbour)
      weights.push(weight)
    }
  }
  return {
    catalogue: Array.from({ length: ITEMS }, (_, i) => ({ id: `p${i}`, title: `Product ${i}` })),
    evidence: {
      graph: {
        settings: { window: 10, decay: 0.5, selfWeight: 0 },
        offsets: Uint32Array.from({ length: ITEMS + 1 }, (_, i) => i * EDGES),
        neighbours: Uint32Array.from(neighbours),
        weights: Float32Array.from(weights),
      },
      embeddings: { count: ITEMS, dimension, values, scales: new Float32Array(ITEMS).fill(1) },
      encoder: {
        dimension,
        temperature: 16,
        priorWeight: 0,
        positions: new Float32Array(2),
        weights: Float32Array.from({ length: 2 * dimension * dimension }, () => normal(random)),
      },
      statistics: { count: ITEMS, prior: 0, popularity: new Float32Array(4 * ITEMS).fill(1) },
    },
    reranker: { ...PLAIN_RERANKER, candidates: { limit: 100, hopSeeds: 2, scan: 20 } },
  }
}

function bytesOf({ revision }: Awaited<ReturnType<typeof packInt8>>): number {
  return revision.manifest.artifacts.reduce(
    (sum, { role, bytes }) => (role === 'starter' ? sum : sum + bytes),
    0,
  )
}

describe('packWithin', () => {
  const facts = { id: 'ring', createdAt: '2026-01-01T00:00:00.000Z' }
  const pack = (of: ReturnType<typeof parts>): ReturnType<typeof packInt8> => packInt8(of, facts, 1)
  it('leaves a model alone that fits', async () => {
    const whole = await pack(parts())
    const packed = await packWithin(bytesOf(whole), parts(), EDGES, pack)
    expect(packed.mostEdges).toBe(EDGES)
    expect(packed.revision.manifest).toEqual(whole.revision.manifest)
  })

  it('gives up the weakest edges of one that does not, and no more than it must', async () => {
    const budget = bytesOf(await pack(parts())) - 15_000
    const packed = await packWithin(budget, parts(), EDGES, pack)
    expect(bytesOf(packed)).toBeLessThanOrEqual(budget)
    expect(bytesOf(packed)).toBeGreaterThan(budget - 3_000)
    expect(packed.mostEdges).toBeLessThan(EDGES)
    expect(packed.parts.evidence.graph.weights).toHaveLength(ITEMS * packed.mostEdges)
    const model = await loadModel(packed.revision.manifest, packed.revision.artifacts)
    await selfTest(model)
    expect(await rankNext(model, ['p7'], 2)).toEqual(['p8', 'p9'])
    model.dispose()
  })

  it('keeps the edges that shelves need, whatever the bytes', async () => {
    expect((await packWithin(1000, parts(), EDGES, pack)).mostEdges).toBe(16)
  })
})
