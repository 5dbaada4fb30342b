/** Web Locks of one origin, with tabs that freeze and die while they hold them. */
import type { Gate } from './gate.ts'

/** One request for a lock. */
interface Ticket {
  owner: Gate
  /** It has the lock now. */
  grant: () => void
  /** Ends the request without waiting for its work. */
  lose: (reason: unknown) => void
}

/** See above. Only what the SDK uses: exclusive locks with `ifAvailable` and `signal`. */
export class SimulatedLocks {
  readonly #held = new Map<string, Ticket>()
  readonly #waiting = new Map<string, Ticket[]>()

  /** Locks held by tabs that run. */
  get busy(): number {
    return [...this.#held.values()].filter(({ owner }) => owner.isOpen).length
  }

  /** Names of the locks that are held. */
  get names(): string[] {
    return [...this.#held.keys()]
  }

  /** The `navigator.locks` of one tab. */
  of(owner: Gate): LockManager {
    return {
      request: (name: string, options: LockOptions, work: (lock: Lock | null) => unknown) =>
        this.#request(owner, name, options, work),
      query: () => Promise.reject(new Error('not simulated')),
    } as unknown as LockManager
  }

  /** Takes the lock away from whoever holds it, as any script of the shop may, and lets it go at once. */
  steal(name: string): void {
    const held = this.#held.get(name)
    if (!held) return
    this.#pass(name, held)
    held.lose(new DOMException('the lock was stolen', 'AbortError'))
  }

  /** Frees what a dead tab held or waited for; its code learns nothing of it. */
  release(owner: Gate): void {
    for (const [name, waiting] of this.#waiting) {
      this.#waiting.set(
        name,
        waiting.filter((ticket) => ticket.owner !== owner),
      )
    }
    for (const [name, ticket] of this.#held) if (ticket.owner === owner) this.#pass(name, ticket)
  }

  async #request(
    owner: Gate,
    name: string,
    { ifAvailable = false, signal }: LockOptions,
    work: (lock: Lock | null) => unknown,
  ): Promise<unknown> {
    await owner.pass()
    signal?.throwIfAborted()
    let ticket!: Ticket
    const granted = new Promise<void>((grant) => (ticket = { owner, grant, lose: () => undefined }))
    const lost = new Promise<never>((_, reject) => (ticket.lose = reject))
    lost.catch(() => {
      // Whoever waits for the request has the reason.
    })
    if (!this.#held.has(name)) {
      this.#held.set(name, ticket)
    } else if (ifAvailable) {
      return work(null)
    } else {
      const waiting = this.#waiting.get(name) ?? []
      this.#waiting.set(name, [...waiting, ticket])
      signal?.addEventListener('abort', () => {
        this.#waiting.set(
          name,
          (this.#waiting.get(name) ?? []).filter((other) => other !== ticket),
        )
        if (this.#held.get(name) !== ticket) ticket.lose(signal.reason)
      })
      await Promise.race([granted, lost])
    }
    try {
      await owner.pass()
      return await Promise.race([Promise.resolve(work({ name, mode: 'exclusive' })), lost])
    } finally {
      this.#pass(name, ticket)
    }
  }

  /** Hands the lock to the next in line. */
  #pass(name: string, ticket: Ticket): void {
    if (this.#held.get(name) !== ticket) return
    this.#held.delete(name)
    const [next, ...rest] = this.#waiting.get(name) ?? []
    this.#waiting.set(name, rest)
    if (!next) return
    this.#held.set(name, next)
    next.grant()
  }
}
