/** Questions about a shopper's next visit, in a catalogue's numbers: what shelves of long history are tuned on. */
import { LONG_HISTORY, type Visit } from '@vitrine/recommender'
import { type Sessions, sessionCount } from './sessions.ts'

/** A shopper's visits until now, latest last, and the distinct items of the next one. */
export interface VisitQuestion {
  readonly visits: readonly Visit[]
  readonly next: ReadonlySet<number>
}

/**
 * Returns a question for each session from number `first` on whose shopper has been there before; at most `most`, at
 * even distances.
 *
 * @param shoppers `[S]`, number of each session's shopper; −1 for one that nobody knows.
 */
export function askNextVisits(
  { offsets, items }: Sessions,
  shoppers: Int32Array,
  first: number,
  most: number,
): VisitQuestion[] {
  const pasts = new Map<number, { visits: Visit[]; events: number }>()
  const questions: VisitQuestion[] = []
  const count = sessionCount({ offsets, items })
  for (let s = 0; s < count; s++) {
    if (shoppers[s]! < 0) continue
    const visit = { items: [...new Set(items.subarray(offsets[s], offsets[s + 1]))] }
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
