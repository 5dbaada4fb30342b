/** What a device would know of the shopper at each session of a log: earlier visits, and what was done with the items. */
import { EVENT_TYPES, type EventType } from '@vitrine/contracts'
import { type HistoryEvent, LONG_HISTORY, type Shopper } from '@vitrine/recommender'
import { type Sessions, sessionCount } from './sessions.ts'

/** Sessions with what is known of them. */
export interface VisitLog {
  /** `[N]`. */
  readonly ids: readonly string[]
  readonly sessions: Sessions
  /** `[S]`, whose they are: '' or −1 where nobody knows. */
  readonly users?: ArrayLike<string | number> | undefined
  /** `[S]`, Unix ms of first and last event. */
  readonly times?: { readonly started: Float64Array; readonly ended: Float64Array } | undefined
  /** `[events]`, places in `EVENT_TYPES`. */
  readonly types?: Uint8Array | undefined
}

/** What is known when a session begins, and of its items; plain data, which threads can be told. */
export interface SessionContext {
  /** Events of earlier visits, oldest first. */
  readonly past: readonly HistoryEvent[]
  /** By event of the session; missing where nothing says. */
  readonly types?: readonly EventType[]
  /** Unix ms. */
  readonly now: number
}

/** Returns what is known at session `session` of a log; `undefined` where that is nothing. */
export type ContextOfSession = (session: number) => SessionContext | undefined

/** Returns the shopper after the events `prefix` of a session. */
export function shopperAfter({ past, types, now }: SessionContext, prefix: readonly string[]): Shopper {
  const here = prefix.map((item, place): HistoryEvent => {
    const type = types?.[place]
    return { item, at: now, ...(type && { type }) }
  })
  return { history: [...past, ...here], now }
}

/**
 * Returns what tells the contexts of the sessions of `asked`, from its own earlier sessions and those of `before`;
 * `undefined` where the log knows neither shoppers nor types. No session sees one that ended after it began.
 */
export function contextsOf(asked: VisitLog, before?: VisitLog): ContextOfSession | undefined {
  const logs = before ? [before, asked] : [asked]
  const { users, times, types } = asked
  if (!types && !(users && times)) return undefined
  /** In order of their ends, as sessions are. */
  const visits = new Map<string | number, Visit[]>()
  for (const log of users && times ? logs : []) {
    for (let session = 0; session < sessionCount(log.sessions); session++) {
      const user = log.users?.[session] ?? ''
      if (user === '' || user === -1 || !log.times) continue
      const known = visits.get(user)
      if (known) known.push({ log, session })
      else visits.set(user, [{ log, session }])
    }
  }
  return (session) => {
    const now = times?.started[session] ?? 0
    const user = users?.[session] ?? ''
    const past = latestBefore(now, visits.get(user) ?? [])
    const own = types && eventsOf(asked, session).map(({ type }) => type!)
    if (past.length === 0 && !own) return undefined
    return { past, now, ...(own && { types: own }) }
  }
}

/** A session of a log. */
interface Visit {
  readonly log: VisitLog
  readonly session: number
}

/** The latest events of those of `visits` that had ended before `now`, oldest first: as many as a device keeps. */
function latestBefore(now: number, visits: readonly Visit[]): HistoryEvent[] {
  // Halved, since somebody may have been there a hundred thousand times: whoever ordered by telephone, or a robot.
  let [first, end] = [0, visits.length]
  while (first < end) {
    const middle = (first + end) >> 1
    const { log, session } = visits[middle]!
    if (log.times!.ended[session]! < now) first = middle + 1
    else end = middle
  }
  const found: HistoryEvent[][] = []
  for (let events = 0; first > 0 && events < LONG_HISTORY; events += found.at(-1)!.length) {
    const { log, session } = visits[--first]!
    found.push(eventsOf(log, session))
  }
  return found.toReversed().flat().slice(-LONG_HISTORY)
}

function eventsOf({ ids, sessions, times, types }: VisitLog, session: number): HistoryEvent[] {
  const { offsets, items } = sessions
  const at = times?.ended[session]
  return Array.from(items.subarray(offsets[session], offsets[session + 1]), (item, place): HistoryEvent => {
    const type = types && EVENT_TYPES[types[offsets[session]! + place]!]
    return { item: ids[item]!, ...(at !== undefined && { at }), ...(type && { type }) }
  })
}

/** Returns sessions `from` to `to - 1` of a log. */
export function sliceVisits(
  { ids, sessions: { offsets, items }, users, times, types }: VisitLog,
  from: number,
  to: number,
): VisitLog {
  const [first, end] = [offsets[from]!, offsets[to]!]
  return {
    ids,
    sessions: {
      offsets: offsets.slice(from, to + 1).map((offset: number): number => offset - first),
      items: items.subarray(first, end),
    },
    users: users && Array.from(users).slice(from, to),
    times: times && { started: times.started.subarray(from, to), ended: times.ended.subarray(from, to) },
    types: types?.subarray(first, end),
  }
}
