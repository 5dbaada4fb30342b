/** What must have become of every event: the simple account that the real one is compared with. */
import type { SimulatedServer } from './server.ts'

/**
 * `offered`: `track()` has not settled. `kept`: it resolved, and the event is on disk: it must arrive once. `volatile`:
 * it resolved where the disk had failed: it must arrive once, unless its page ends before. `maybe`: it may arrive, once
 * at most. `gone`: erased, refused or without consent: it must not be there in the end.
 */
export type Expected = 'offered' | 'kept' | 'volatile' | 'maybe' | 'gone'

interface Entry {
  expected: Expected
  /** The page that tracked it. */
  by: object
  /** The disk forgot it, and with it which device it was of: nobody can ask for its erasure any more. */
  isOrphan?: boolean
  /** It is in the memory of a page that is not the only one to erase, and may end before the endpoint is told. */
  isHearsay?: boolean
}

/** How everything was asked to disappear. */
interface Erasure {
  isNoted: boolean
  by?: object
  sleeping?: readonly object[]
}

/** What is certain of the events, how often, and what is otherwise, by item. */
export interface Comparison {
  kept: number
  gone: number
  lost: string[]
  doubled: string[]
  unwanted: string[]
}

/** Every event of a simulation, by its item: each has one of its own. */
export class Truth {
  readonly #events = new Map<string, Entry>()

  get size(): number {
    return this.#events.size
  }

  /** Names a new event of the page `by`. */
  offer(by: object, expected: Expected = 'offered'): string {
    const item = `event-${this.#events.size}`
    this.#events.set(item, { expected, by })
    return item
  }

  /** `track()` resolved; what has been decided meanwhile stands. */
  resolved(item: string, expected: Expected): void {
    const entry = this.#events.get(item)!
    if (entry.expected === 'offered') entry.expected = expected
  }

  /** The endpoint will refuse it. */
  poisoned(item: string): void {
    this.#events.get(item)!.expected = 'gone'
  }

  /**
   * Everything so far must disappear: consent was withdrawn, or the shopper is forgotten. A disk that takes no note
   * of it does not remember it when the page dies before the endpoint was told. `by` one page: the others hear of it,
   * those of them that sleep too late.
   */
  erase({ isNoted, by, sleeping = [] }: Erasure): void {
    for (const entry of this.#events.values()) {
      entry.isHearsay ||= entry.expected === 'volatile' && entry.by !== by
      const isHeard = !entry.isHearsay || !sleeping.includes(entry.by)
      entry.expected = isNoted && isHeard && !entry.isOrphan ? 'gone' : 'maybe'
    }
  }

  /** A page ended without a goodbye: what only it had may be lost. */
  killed(by: object): void {
    this.#change(
      (entry) =>
        entry.by === by &&
        (entry.isHearsay === true || entry.expected === 'offered' || entry.expected === 'volatile'),
    )
  }

  /** A page ended properly: what it had not on disk is lost with it. */
  closed(by: object): void {
    this.#change((entry) => entry.by === by && (entry.isHearsay === true || entry.expected === 'volatile'))
  }

  /**
   * The disk was evicted: what the endpoint has stays there. `forgetsErasure`: with the disk went the note that
   * something was still to be erased.
   */
  evicted(server: SimulatedServer, { forgetsErasure }: { forgetsErasure: boolean }): void {
    const stored = server.stored()
    for (const [item, entry] of this.#events) {
      entry.isOrphan ||= entry.expected === 'kept' && stored.has(item)
      if (!entry.isOrphan && (entry.expected !== 'gone' || forgetsErasure)) entry.expected = 'maybe'
      entry.isOrphan ||= entry.expected === 'maybe'
    }
  }

  /** Compares with what the endpoint has: of `kept` events none is lost, of `gone` ones none is there. */
  compare(server: SimulatedServer): Comparison {
    const stored = server.stored()
    const lost: string[] = []
    const doubled: string[] = []
    const unwanted: string[] = []
    let [kept, gone] = [0, 0]
    for (const [item, { expected }] of this.#events) {
      const count = stored.get(item) ?? 0
      if (expected === 'kept' || expected === 'volatile') {
        kept++
        if (count === 0) lost.push(item)
      }
      if (count > 1) doubled.push(item)
      gone += Number(expected === 'gone')
      if (count > 0 && (expected === 'gone' || expected === 'offered')) unwanted.push(item)
    }
    return { kept, gone, lost, doubled, unwanted }
  }

  #change(concerns: (entry: Entry) => boolean): void {
    for (const entry of this.#events.values()) {
      if (!concerns(entry)) continue
      // Of a device that was only ever in a page's memory nobody knows the name any more.
      if (entry.expected === 'volatile') entry.isOrphan = true
      entry.expected = 'maybe'
    }
  }
}
