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
   * of it does not remember it when the page dies before the endpoint was told.
   */
  erase({ isNoted }: { isNoted: boolean }): void {
    for (const entry of this.#events.values()) entry.expected = isNoted && !entry.isOrphan ? 'gone' : 'maybe'
  }

  /** A page ended without a goodbye: what only it had may be lost. */
  killed(by: object): void {
    this.#change(
      (entry) => entry.by === by && (entry.expected === 'offered' || entry.expected === 'volatile'),
    )
  }

  /** A page ended properly: what it had not on disk is lost with it. */
  closed(by: object): void {
    this.#change((entry) => entry.by === by && entry.expected === 'volatile')
  }

  /** The disk was evicted. `forgetsErasure`: with it went the note that something was still to be erased. */
  evicted({ forgetsErasure }: { forgetsErasure: boolean }): void {
    this.#change(({ expected }) => expected !== 'gone' || forgetsErasure)
    for (const entry of this.#events.values()) entry.isOrphan ||= entry.expected === 'maybe'
  }

  /** Compares with what the endpoint has. */
  compare(server: SimulatedServer): { kept: number; lost: string[]; doubled: string[]; unwanted: string[] } {
    const stored = server.stored()
    const lost: string[] = []
    const doubled: string[] = []
    const unwanted: string[] = []
    let kept = 0
    for (const [item, { expected }] of this.#events) {
      const count = stored.get(item) ?? 0
      if (expected === 'kept' || expected === 'volatile') {
        kept++
        if (count === 0) lost.push(item)
      }
      if (count > 1) doubled.push(item)
      if (count > 0 && (expected === 'gone' || expected === 'offered')) unwanted.push(item)
    }
    return { kept, lost, doubled, unwanted }
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
