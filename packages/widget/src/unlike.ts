/** Shelves that do not repeat each other: what stands on those before one on the page, by its attribute `unlike`. */

/** How long, in ms, a shelf gives those before it to show what it is to leave out. */
const PATIENCE_MS = 60

/** What each shelf shows now. */
const showing = new WeakMap<Element, readonly string[]>()

/** One shelf and those before it. */
export class Unlike {
  readonly #shelf: Element
  /** What they showed when this one last asked for a list. */
  #left = ''

  constructor(shelf: Element) {
    this.#shelf = shelf
  }

  /** Tells the others what this one shows. */
  show(items: readonly string[]): void {
    showing.set(this.#shelf, items)
  }

  /** Returns what the list is to leave out, beside `own`. */
  exclude(own: readonly string[] = []): { exclude?: string[] } {
    const { items } = this.#before()
    this.#left = items.join()
    return items.length + own.length > 0 ? { exclude: [...own, ...items] } : {}
  }

  /** Calls `onChange` when they show something else than when this one last asked. */
  follow(onChange: () => void, signal: AbortSignal): void {
    const look = (): void => {
      if (this.#before().items.join() !== this.#left) onChange()
    }
    this.#shelf.getRootNode().addEventListener('vitrine-ready', look, { signal })
  }

  /** How long to wait for them. */
  get patienceMs(): number {
    return this.#before().waits ? PATIENCE_MS : 0
  }

  /** Only those before it count: two that name each other would otherwise change for ever. */
  #before(): { items: string[]; waits: boolean } {
    const root = this.#shelf.getRootNode() as Document
    const items: string[] = []
    let waits = false
    for (const id of this.#shelf.getAttribute('unlike')?.split(/\s+/u) ?? []) {
      const other = root.getElementById?.(id)
      if (other?.compareDocumentPosition(this.#shelf) !== Node.DOCUMENT_POSITION_FOLLOWING) continue
      const shown = showing.get(other)
      if (shown) items.push(...shown)
      else waits = true
    }
    return { items, waits }
  }
}
