import { describe, expect, it } from 'vitest'
import { type Evidence, POPULARITY_SHARES } from '@vitrine/recommender'
import { measureReranker } from './fit-reranker.ts'
import { chooseEdges } from './graph-edges.ts'
import { PLAIN_RERANKER } from './plain-reranker.ts'
import { collectRankingCases } from './ranking-cases.ts'
import { createRun } from './run.ts'
import type { Cases } from './sessions.ts'

const ITEMS = 120
const EDGES = 40
const DIMENSION = 16
const RERANKER = { ...PLAIN_RERANKER, candidates: { limit: 100, hopSeeds: 0, enough: 0, scan: 24 } }

/** Item i leads to the next forty, the nearest of them weighing most. */
function evidence(): Evidence {
  const rows = Array.from({ length: ITEMS }, (_, item) =>
    Array.from({ length: EDGES }, (_, step) => ({
      to: (item + 1 + step) % ITEMS,
      weight: 0.97 ** step,
    })).toSorted((a, b) => a.to - b.to),
  ).flat()
  return {
    graph: {
      settings: { window: 10, decay: 0.3, selfWeight: 0 },
      offsets: Uint32Array.from({ length: ITEMS + 1 }, (_, item) => item * EDGES),
      neighbours: Uint32Array.from(rows, ({ to }) => to),
      weights: Float32Array.from(rows, ({ weight }) => weight),
    },
    embeddings: {
      count: ITEMS,
      dimension: DIMENSION,
      values: new Int8Array(ITEMS * DIMENSION),
      scales: new Float32Array(ITEMS),
    },
    encoder: {
      dimension: DIMENSION,
      temperature: 0,
      priorWeight: 0,
      positions: new Float32Array(1),
      weights: new Float32Array(2 * DIMENSION * DIMENSION),
    },
    statistics: { count: ITEMS, prior: 0, popularity: new Float32Array(POPULARITY_SHARES.length * ITEMS) },
  }
}

/** A shopper goes from each item to the one `step` behind it. */
function goingOn(step: number): Cases {
  return {
    items: Uint32Array.from(
      { length: 2 * ITEMS },
      (_, at) => (at % 2 === 0 ? at / 2 : (at - 1) / 2 + step) % ITEMS,
    ),
    targets: Uint32Array.from({ length: ITEMS }, (_, item) => 2 * item + 1),
    starts: Uint32Array.from({ length: ITEMS }, (_, item) => 2 * item),
    owners: Uint32Array.from({ length: ITEMS }, (_, item) => item),
  }
}

async function chosenFor(heldOut: Cases): Promise<number> {
  const run = createRun({})
  const lists = await collectRankingCases(evidence(), heldOut, RERANKER.candidates, run.pause)
  const withAll = measureReranker(RERANKER, lists)
  expect(withAll.hitRate).toBe(100)
  return chooseEdges(evidence(), { reranker: RERANKER, heldOut, withAll, most: EDGES }, run)
}

describe('how many edges an item keeps', () => {
  it('is the fewest where shoppers go where the strongest lead', async () => {
    expect(await chosenFor(goingOn(3))).toBe(16)
  })

  it('is more where what they go to would be left out', async () => {
    expect(await chosenFor(goingOn(18))).toBe(24)
  })
})
