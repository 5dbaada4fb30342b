import { describe, expect, it } from 'vitest'
import type { ShopEvent } from './clean-row.ts'
import { visitNumberer } from './visits.ts'

const MINUTE = 60_000

function view(user: string, minute: number): ShopEvent {
  return { at: minute * MINUTE, session: '', user, type: 'view', item: 'a' }
}

describe('visitNumberer', () => {
  it('starts a visit after a pause longer than the gap, for each user apart', () => {
    const number = visitNumberer(30 * MINUTE)
    const events = [view('a', 0), view('b', 10), view('a', 30), view('b', 41), view('a', 60)]
    for (const event of events) number(event)
    const [a1, b1, a2, b2, a3] = events.map(({ session }) => session)
    expect(a2).toBe(a1)
    expect(a3).toBe(a1)
    expect(b2).not.toBe(b1)
    expect(b1).not.toBe(a1)
  })

  it('leaves a session that the input names', () => {
    const event = { ...view('a', 0), session: 'given' }
    visitNumberer(MINUTE)(event)
    expect(event.session).toBe('given')
  })
})
