/** The model in use: swapped between two calls, disposed after its last one. */

/** Holds at most one model at a time. */
export class LiveModel<M extends { dispose(): void }> {
  #current: { model: M; users: number; retired: boolean } | undefined

  get current(): M | undefined {
    return this.#current?.model
  }

  /** Runs `work` with the current model, which stays usable until `work` has ended. */
  async use<T>(work: (model: M) => Promise<T>): Promise<T | undefined> {
    const held = this.#current
    if (!held) return undefined
    held.users++
    try {
      return await work(held.model)
    } finally {
      held.users--
      if (held.retired && held.users === 0) held.model.dispose()
    }
  }

  /** Puts `model` in the place of the current one; undefined leaves the place empty. */
  replace(model: M | undefined): void {
    const before = this.#current
    this.#current = model && { model, users: 0, retired: false }
    if (!before) return
    before.retired = true
    if (before.users === 0) before.model.dispose()
  }
}
