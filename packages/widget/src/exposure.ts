/** Tells when an item has really been seen: half of it in view for one second, with the tab in front. */

/** Share of the element's area that must be in view. */
const VISIBLE_SHARE = 0.5
/** How long, in ms. Share and time are the Media Rating Council's for a viewable display impression. */
const DWELL_MS = 1000

/** Watches elements; each reports once until {@link Exposure.restart}. */
export class Exposure {
  readonly #seen: (element: Element) => void
  readonly #observer: IntersectionObserver
  /** Elements in view, with their running timer while the tab is in front. */
  readonly #inView = new Map<Element, ReturnType<typeof setTimeout> | undefined>()
  readonly #watched = new Set<Element>()

  constructor(seen: (element: Element) => void) {
    this.#seen = seen
    this.#observer = new IntersectionObserver((entries) => this.#moved(entries), { threshold: VISIBLE_SHARE })
  }

  /** Watches exactly `elements` from now on; those that were watched already keep their state. */
  watch(elements: Iterable<Element>): void {
    const wanted = new Set(elements)
    // Adding a listener twice adds it once.
    if (wanted.size > 0) document.addEventListener('visibilitychange', this.#turned)
    else document.removeEventListener('visibilitychange', this.#turned)
    for (const element of this.#watched) {
      if (wanted.has(element)) continue
      this.#observer.unobserve(element)
      this.#watched.delete(element)
      this.#leave(element)
    }
    for (const element of wanted) {
      if (this.#watched.has(element)) continue
      this.#watched.add(element)
      this.#observer.observe(element)
    }
  }

  /** Forgets what was seen: the next look at each watched element counts again. */
  restart(): void {
    const elements = [...this.#watched]
    this.watch([])
    this.watch(elements)
  }

  #moved(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting, intersectionRatio } of entries) {
      if (isIntersecting && intersectionRatio >= VISIBLE_SHARE) this.#enter(target)
      else this.#leave(target)
    }
  }

  #enter(element: Element): void {
    if (this.#inView.get(element) !== undefined) return
    const timer = document.hidden ? undefined : setTimeout(() => this.#dwelt(element), DWELL_MS)
    this.#inView.set(element, timer)
  }

  #leave(element: Element): void {
    clearTimeout(this.#inView.get(element))
    this.#inView.delete(element)
  }

  #dwelt(element: Element): void {
    this.#leave(element)
    // Seen once is enough: the observer's work on it is over, but it stays known as watched.
    this.#observer.unobserve(element)
    this.#seen(element)
  }

  // A tab in the background shows nothing, but its elements keep intersecting.
  readonly #turned = (): void => {
    // A copy: leaving and entering change the map.
    const elements = Array.from(this.#inView.keys())
    for (const element of elements) {
      this.#leave(element)
      this.#inView.set(element, undefined)
      if (!document.hidden) this.#enter(element)
    }
  }
}
