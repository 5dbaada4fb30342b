import { describe, expect, it } from 'vitest'
import { EVENT_TYPES } from '@vitrine/contracts'
import { LONG_HISTORY } from '@vitrine/recommender'
import { type VisitLog, contextsOf, shopperAfter, sliceVisits } from './session-contexts.ts'

const HOUR = 3_600_000

interface Drawn {
  user: string
  /** Hours. */
  from: number
  to?: number
  items: readonly number[]
  type?: 'view' | 'purchase'
}

/** A log of `sessions` in order of their end, over items `p0`, `p1` and so on. */
function logOf(sessions: readonly Drawn[], withTypes = false): VisitLog {
  const offsets = new Uint32Array(sessions.length + 1)
  for (const [s, { items }] of sessions.entries()) offsets[s + 1] = offsets[s]! + items.length
  return {
    ids: Array.from({ length: 20 }, (_, i) => `p${i}`),
    sessions: { offsets, items: Uint32Array.from(sessions.flatMap(({ items }) => items)) },
    users: sessions.map(({ user }) => user),
    times: {
      started: Float64Array.from(sessions, ({ from }) => from * HOUR),
      ended: Float64Array.from(sessions, ({ from, to = from }) => to * HOUR),
    },
    ...(withTypes && {
      types: Uint8Array.from(
        sessions.flatMap(({ items, type = 'view' }) => items.map(() => EVENT_TYPES.indexOf(type))),
      ),
    }),
  }
}

const log = logOf([
  { user: 'ann', from: 1, items: [1, 2] },
  { user: 'bob', from: 2, items: [3] },
  { user: '', from: 3, items: [4] },
  { user: 'ann', from: 5, to: 6, items: [5] },
  { user: 'ann', from: 5.5, to: 7, items: [6, 1] },
  { user: 'ann', from: 8, items: [7] },
])

const pastAt = (of: VisitLog, session: number, before?: VisitLog): string[] | undefined =>
  contextsOf(of, before)!(session)?.past.map(({ item }) => item)

describe('the context of a session', () => {
  it('has what its shopper did before, and nobody else', () => {
    expect(pastAt(log, 5)).toEqual(['p1', 'p2', 'p5', 'p6', 'p1'])
    expect(pastAt(log, 0)).toBeUndefined()
    expect(pastAt(log, 1)).toBeUndefined()
    expect(pastAt(log, 2)).toBeUndefined()
  })

  // Seen to fail with a comparison of numbers in place of times.
  it('has nothing of a session that had not ended when it began', () => {
    expect(pastAt(log, 4)).toEqual(['p1', 'p2'])
  })

  it('has nothing of itself and of what came later', () => {
    expect(pastAt(log, 3)).toEqual(['p1', 'p2'])
  })

  it('is the same for a log cut in two', () => {
    const [head, tail] = [sliceVisits(log, 0, 3), sliceVisits(log, 3, 6)]
    for (const session of [0, 1, 2]) {
      expect(contextsOf(tail, head)!(session)).toEqual(contextsOf(log)!(session + 3))
    }
  })

  it('has no more than a device keeps, the latest', () => {
    const many = Array.from({ length: 2 * LONG_HISTORY }, (_, i) => ({
      user: 'ann',
      from: i,
      items: [i % 20],
    }))
    const past = pastAt(logOf(many), many.length - 1)!
    expect(past).toHaveLength(LONG_HISTORY)
    expect(past.at(-1)).toBe(`p${(many.length - 2) % 20}`)
  })

  it('becomes the history that a device has', () => {
    const typed = logOf(
      [
        { user: 'ann', from: 1, items: [1], type: 'purchase' },
        { user: 'ann', from: 3, items: [2, 3] },
      ],
      true,
    )
    expect(shopperAfter(contextsOf(typed)!(1)!, ['p2'])).toEqual({
      now: 3 * HOUR,
      history: [
        { item: 'p1', at: HOUR, type: 'purchase' },
        { item: 'p2', at: 3 * HOUR, type: 'view' },
      ],
    })
  })

  it('is nothing where a log knows neither shoppers nor types', () => {
    expect(contextsOf({ ids: log.ids, sessions: log.sessions })).toBeUndefined()
  })
})
