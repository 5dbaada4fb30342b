import { describe, expect, it } from 'vitest'
import { syntheticVisits } from '../../test/synthetic-shop.ts'
import { SessionLines } from '../data/collect-sessions.ts'
import { GRAPH_SETTINGS } from './graph-grid.ts'
import { listPairs } from './pairs.ts'
import { casesOf, sliceSessions } from './sessions.ts'
import { type TunedGraph, tuneGraph } from './tune-graph.ts'

const lines = new SessionLines()
for (const { items } of syntheticVisits()) lines.add(items)
const { ids, sessions } = lines.log()
const table = listPairs(sliceSessions(sessions, 0, 350), ids.length)
const cases = casesOf(sliceSessions(sessions, 350, 400))

function tune(options: Partial<Parameters<typeof tuneGraph>[2]> = {}): Promise<TunedGraph> {
  const running = { mostEdges: 16, onTrial: () => Promise.resolve(), isOver: () => false }
  return tuneGraph(table, cases, { ...running, ...options })
}

describe('tuneGraph', () => {
  it('tries every setting, and keeps a trial only where it is better than what was kept before', async () => {
    const tuned = await tune()
    const { trials, quality } = tuned
    expect(new Set(trials.map(({ setting }) => setting))).toEqual(new Set(GRAPH_SETTINGS))
    const kept = keptOf(tuned).map(({ hitRate, mrr }) => hitRate + mrr)
    expect(kept.length).toBeGreaterThan(0)
    for (const [i, worth] of kept.entries()) expect(worth).toBeGreaterThan(kept[i - 1] ?? 0)
    expect(quality.hitRate + quality.mrr).toBe(kept.at(-1))
  })

  it('ends after as many trials as it may take', async () => {
    expect((await tune({ mostTrials: 7 })).trials).toHaveLength(7)
    expect((await tune({ mostTrials: 0 })).trials).toHaveLength(0)
  })

  it('tries the settings that are named first, then the others', async () => {
    const { trials } = await tune({ order: ['window', 'smoothing'], mostTrials: 40 })
    const settings = [...new Set(trials.map(({ setting }) => setting))]
    expect(settings.slice(0, 3)).toEqual(['window', 'smoothing', GRAPH_SETTINGS[0]])
  })

  it('keeps only what raises the figure that it is told to raise', async () => {
    const mrrs = keptOf(await tune({ goal: 'mrr' })).map(({ mrr }) => mrr)
    expect(mrrs.length).toBeGreaterThan(0)
    for (const [i, mrr] of mrrs.entries()) expect(mrr).toBeGreaterThan(mrrs[i - 1] ?? 0)
    // Families are so small that textbook settings already hit every time: nothing is left to raise.
    const textbook = await tune({ mostTrials: 0 })
    expect(textbook.quality.hitRate).toBe(100)
    expect(keptOf(await tune({ goal: 'hit-rate' }))).toEqual([])
  })
})

function keptOf({ trials }: TunedGraph): TunedGraph['trials'] {
  return trials.filter((trial) => trial.kept)
}
