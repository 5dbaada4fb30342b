/** Questions to a shelf: what a shopper did until now, and which items would have been right to show. */
import { EVENT_TYPES } from '@vitrine/contracts'
import { type HistoryEvent, LONG_HISTORY } from '@vitrine/recommender'
import type { SessionLog } from '../../data/session-log.ts'
import { sessionCount } from '../../train/sessions.ts'

/** One question; several items may be right. */
export interface ShelfQuestion {
  /** Whose question it is: those of one shopper are not independent. */
  readonly shopper: number
  /** Oldest first, as much as a device keeps. */
  readonly history: readonly HistoryEvent[]
  readonly anchor?: string
  readonly relevant: ReadonlySet<string>
}

/** A visit with what was done in it. */
export interface ShopperVisit {
  readonly shopper: number
  readonly events: readonly HistoryEvent[]
  /** What the same shopper did in earlier visits, as much of it as a device keeps. */
  readonly before: readonly HistoryEvent[]
}

/** Returns the visits of `asked` in order, each with its shopper's earlier ones in `known` and `asked`. */
export function visitsOfShoppers(known: SessionLog, asked: SessionLog): ShopperVisit[] {
  const pasts = new Map<string, { shopper: number; events: HistoryEvent[] }>()
  const visits: ShopperVisit[] = []
  for (const log of [known, asked]) {
    for (let s = 0; s < sessionCount(log.sessions); s++) {
      const user = log.users?.[s] ?? ''
      const past = (user !== '' && pasts.get(user)) || { shopper: pasts.size, events: [] }
      // Who is not named is somebody else each time.
      pasts.set(user === '' ? `${pasts.size} ` : user, past)
      const events = eventsOf(log, s)
      if (log === asked) visits.push({ shopper: past.shopper, events, before: past.events })
      past.events = [...past.events, ...events].slice(-LONG_HISTORY)
    }
  }
  return visits
}

function eventsOf(
  { ids, sessions: { offsets, items }, times, types }: SessionLog,
  s: number,
): HistoryEvent[] {
  const events: HistoryEvent[] = []
  for (let i = offsets[s]!; i < offsets[s + 1]!; i++) {
    const type = types && EVENT_TYPES[types[i]!]
    events.push({
      item: ids[items[i]!]!,
      ...(type && { type }),
      // The end of the visit stands for all of it: visits are what counts, not minutes.
      ...(times && { at: times.ended[s]! }),
    })
  }
  return events
}
