import { describe, expect, it } from 'vitest'
import { EVENT_TYPES } from '@vitrine/contracts'
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
    const ofTypes: ReadonlySet<string> = new Set(['purchase', 'cart'])
    expect(new Set(trials.map(({ setting }) => setting))).toEqual(
      new Set(GRAPH_SETTINGS.filter((setting) => !ofTypes.has(setting))),
    )
    const kept = keptOf(tuned).map(({ hitRate, mrr }) => hitRate + mrr)
    expect(kept.length).toBeGreaterThan(0)
    for (const [i, worth] of kept.entries()) expect(worth).toBeGreaterThan(kept[i - 1] ?? 0)
    expect(quality.hitRate + quality.mrr).toBe(kept.at(-1))
  })

  it('finds out that what is bought after an item says more than what is looked at', async () => {
    // After one item another is looked at twice as often as a third is bought; in the end all come for the third.
    const [lookedAt, bought] = [2, 3]
    const items = Array.from({ length: 300 }, (_, s) => [0, s % 3 === 0 ? bought : lookedAt])
    const types = items.flat().map((item) => EVENT_TYPES.indexOf(item === bought ? 'purchase' : 'view'))
    const typed = {
      offsets: Uint32Array.from({ length: 301 }, (_, s) => 2 * s),
      items: Uint32Array.from(items.flat()),
      types: Uint8Array.from(types),
    }
    const wanted = casesOf({
      offsets: Uint32Array.from({ length: 51 }, (_, s) => 2 * s),
      items: Uint32Array.from({ length: 100 }, (_, at) => (at % 2) * bought),
    })
    const running = { mostEdges: 16, onTrial: () => Promise.resolve(), isOver: () => false }
    const { recipe, trials } = await tuneGraph(listPairs(typed, 4), wanted, {
      ...running,
      order: ['purchase'],
    })
    expect(trials[0]).toMatchObject({ setting: 'purchase', value: 2 })
    expect(recipe.purchase).toBeGreaterThan(1)
    expect(trials.some(({ setting }) => setting === 'cart')).toBe(true)
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
