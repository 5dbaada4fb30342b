import { describe, expect, it, vi } from 'vitest'
import {
  type Evidence,
  COLUMNS,
  FEATURE_COUNT,
  contextOf,
  readCatalogue,
  writeCatalogue,
} from '@vitrine/recommender'
import { TEXTBOOK_RECIPE } from './tune-graph.ts'
import { buildGraph } from './build-graph.ts'
import { countPopularity } from './popularity.ts'
import { countPairs, listPairs } from './pairs.ts'
import { createRandom, normal } from './random.ts'
import { type RankerLists, collectLists, learnRanker, partsOf } from './learn-ranker.ts'
import { createRun } from './run.ts'
import type { VisitLog } from './session-contexts.ts'
import { LIST_LENGTH } from './measure.ts'
import type { Sessions } from './sessions.ts'

vi.setConfig({ testTimeout: 120_000 })

const ITEMS = 400

/** Visits to items drawn at random: nothing tells what comes next, and whoever knows it has been told. */
function chanceWorld(count: number): Sessions {
  const random = createRandom(11)
  const items = Uint32Array.from({ length: 4 * count }, () => Math.floor(ITEMS * random()))
  return { offsets: Uint32Array.from({ length: count + 1 }, (_, s) => 4 * s), items }
}

/** Evidence counted on `sessions`, with embeddings that know nothing. */
function evidenceOf(sessions: Sessions): Evidence {
  const random = createRandom(12)
  const dimension = 16
  return {
    graph: buildGraph(countPairs(listPairs(sessions, ITEMS), TEXTBOOK_RECIPE), TEXTBOOK_RECIPE, 48),
    statistics: countPopularity(sessions, ITEMS, 0),
    embeddings: {
      count: ITEMS,
      dimension,
      values: Float32Array.from({ length: ITEMS * dimension }, () => normal(random) / 4),
      scales: new Float32Array(ITEMS).fill(1),
    },
    encoder: {
      dimension,
      temperature: 16,
      priorWeight: 0,
      positions: new Float32Array(2),
      weights: Float32Array.from({ length: 2 * dimension * dimension }, () => normal(random)),
    },
  }
}

/** Whether a ranker that learned from `lists` knows more of what was held out than chance does. */
async function knowsTooMuch(lists: RankerLists): Promise<boolean> {
  const { stages } = await learnRanker(lists, { seed: 1 }, createRun({}))
  const chance = LIST_LENGTH / ITEMS
  const most = chance + 4 * Math.sqrt((chance * (1 - chance)) / lists.heldOut.targets.length)
  return stages.some(({ hitRate }) => hitRate / 100 > most)
}

describe('what the ranker learns from', () => {
  const sessions = chanceWorld(6000)
  const parts = partsOf(sessions)
  const collect = (evidence: Evidence): Promise<RankerLists> =>
    collectLists(evidence, parts, async () => undefined)

  it('says nothing of the targets where nothing can be known', async () => {
    expect(await knowsTooMuch(await collect(evidenceOf(parts.head)))).toBe(false)
  })

  /** Four visits each, with a day between them. */
  const visits = (endedAt: (session: number) => number): VisitLog => ({
    ids: Array.from({ length: ITEMS }, (_, i) => `p${i}`),
    sessions,
    users: Array.from({ length: 6000 }, (_, s) => s % 1500),
    times: {
      started: Float64Array.from({ length: 6000 }, (_, s) => 86_400_000 * (1 + s)),
      ended: Float64Array.from({ length: 6000 }, (_, s) => endedAt(s)),
    },
  })
  const collectKnown = (log: VisitLog): Promise<RankerLists> => {
    const known = partsOf(sessions, log)
    const context = contextOf(readCatalogue(writeCatalogue(log.ids.map((id) => ({ id, title: id })))))
    return collectLists({ ...evidenceOf(known.head), context }, known, async () => undefined)
  }

  it('says nothing of them either where the shoppers are known', async () => {
    expect(await knowsTooMuch(await collectKnown(visits((s) => 86_400_000 * (1 + s))))).toBe(false)
  })

  it('is caught when a session passes for one of its own past', async () => {
    // As if it had ended before it began.
    expect(await knowsTooMuch(await collectKnown(visits(() => 0)))).toBe(true)
  })

  it('is caught when the evidence has seen the cases', async () => {
    expect(await knowsTooMuch(await collect(evidenceOf(sessions)))).toBe(true)
  })

  it('is caught when a feature has seen the target', async () => {
    const lists = await collect(evidenceOf(parts.head))
    const { features, offsets, targets } = lists.all
    const random = createRandom(13)
    // A faint hint, as a mistake would give: one deviation of noise on the target's own popularity.
    for (let c = 0; c < targets.length; c++) {
      if (targets[c]! < 0) continue
      features[(offsets[c]! + targets[c]!) * FEATURE_COUNT + COLUMNS.popularity2]! += 1 + normal(random)
    }
    expect(await knowsTooMuch(lists)).toBe(true)
  })
})
