/** Questions about a shopper's next visit, in a catalogue's numbers: what shelves of long history are tuned on. */
import { LONG_HISTORY } from '@vitrine/recommender'
import { type Sessions, sessionCount } from './sessions.ts'

/** A visit, and by item the type of what was done with it: places in `EVENT_TYPES`. */
interface TypedVisit {
  readonly items: readonly number[]
  readonly types?: readonly number[]
}

/** A shopper's visits until now, latest last, and the distinct items of the next one. */
export interface VisitQuestion {
  readonly visits: readonly TypedVisit[]
  readonly next: ReadonlySet<number>
}

/**
 * Returns a question for each session from number `first` on whose shopper has been there before; at most `most`, at
 * even distances.
 *
 * @param shoppers `[S]`, number of each session's shopper; −1 for one that nobody knows.
 * @param types `[events]`; missing where all are of one type.
 */
export function askNextVisits(
  { offsets, items }: Sessions,
  shoppers: Int32Array,
  first: number,
  most: number,
  types?: Uint8Array,
): VisitQuestion[] {
  const pasts = new Map<number, { visits: TypedVisit[]; events: number }>()
  const questions: VisitQuestion[] = []
  const count = sessionCount({ offsets, items })
  for (let s = 0; s < count; s++) {
    if (shoppers[s]! < 0) continue
    const visit = visitOf(items, types, offsets[s]!, offsets[s + 1]!)
    const past = pasts.get(shoppers[s]!) ?? { visits: [], events: 0 }
    pasts.set(shoppers[s]!, past)
    if (s >= first && past.visits.length > 0) {
      questions.push({ visits: [...past.visits], next: new Set(visit.items) })
    }
    past.visits.push(visit)
    past.events += visit.items.length
    while (past.events > LONG_HISTORY && past.visits.length > 1)
      past.events -= past.visits.shift()!.items.length
  }
  const step = Math.max(1, Math.ceil(questions.length / most))
  return questions.filter((_, place) => place % step === 0)
}

/** Distinct items of a session, each with the strongest type: what comes later in `EVENT_TYPES` says more. */
function visitOf(items: Uint32Array, types: Uint8Array | undefined, from: number, to: number): TypedVisit {
  const strongest = new Map<number, number>()
  for (let i = from; i < to; i++) {
    strongest.set(items[i]!, Math.max(strongest.get(items[i]!) ?? 0, types?.[i] ?? 0))
  }
  return { items: [...strongest.keys()], ...(types && { types: [...strongest.values()] }) }
}
