import { describe, expect, it } from 'vitest'
import { syntheticVisits } from '../../test/synthetic-shop.ts'
import { SessionLines } from '../data/collect-sessions.ts'
import { buildGraph } from './build-graph.ts'
import { buildGraphInParts, hasManyPairs, sampleForPairs } from './graph-in-parts.ts'
import { countPairs, listPairs } from './pairs.ts'
import { TEXTBOOK_RECIPE } from './tune-graph.ts'

const lines = new SessionLines()
for (const { items } of syntheticVisits()) lines.add(items)
const { ids, sessions } = lines.log()
const recipe = { ...TEXTBOOK_RECIPE, ageDecay: 1.5, lengthExponent: 0.25, backward: 0.6 }

describe('buildGraphInParts', () => {
  it.each([1, 500, 2000])('builds the same graph to the bit with %s pairs listed at once', (most) => {
    const whole = buildGraph(countPairs(listPairs(sessions, ids.length), recipe), recipe, 8)
    expect(buildGraphInParts(sessions, ids.length, recipe, 8, most)).toEqual(whole)
    expect(hasManyPairs(sessions, ids.length, most)).toBe(true)
  })

  it('has room for all pairs of a shop in one part', () => {
    expect(hasManyPairs(sessions, ids.length)).toBe(false)
  })
})

describe('sampleForPairs', () => {
  it('keeps whole sessions from all of the time, with about as many pairs as asked for', () => {
    const all = listPairs(sessions, ids.length).others.length
    const sample = sampleForPairs(sessions, ids.length, all / 4)
    expect(listPairs(sample, ids.length).others.length / all).toBeCloseTo(0.25, 1)
    expect(sample.items.subarray(0, sample.offsets[1])).not.toHaveLength(0)
    expect(sampleForPairs(sessions, ids.length, all)).toEqual(sessions)
  })
})
