/** Behaviour that a page's markup tells without code: product views, and buttons that fill the cart. */
import type { BehaviorEventInput } from '@vitrine/sdk'

/** Takes an event; never rejects. */
export type Track = (event: BehaviorEventInput) => void

/**
 * Tracks a view of every `data-vitrine-view="id"` now in the page and of every `<vitrine-view item="id">` now or
 * later, again when the page comes back from the browser's cache, and an `add_to_cart` for a click on
 * `data-vitrine-add="id"` (`data-vitrine-quantity` of them).
 */
export function trackMarks(track: Track): void {
  const view = (item: string | null | undefined): void => {
    if (item) track({ type: 'view', item })
  }
  defineView(view)
  const viewMarked = (): void => {
    for (const marked of document.querySelectorAll<HTMLElement>('[data-vitrine-view]')) {
      view(marked.dataset.vitrineView)
    }
  }
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', viewMarked, { once: true })
  } else viewMarked()
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return
    viewMarked()
    for (const element of document.querySelectorAll('vitrine-view')) view(element.getAttribute('item'))
  })
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null
    const button = target?.closest<HTMLElement>('[data-vitrine-add]')
    const item = button?.dataset.vitrineAdd
    if (!item) return
    const quantity = Number(button.dataset.vitrineQuantity ?? 1)
    track({ type: 'add_to_cart', item, ...(Number.isFinite(quantity) && { value: quantity }) })
  })
}

/** Registers `<vitrine-view>`, which a single-page shop can put in and change as it renders. */
function defineView(view: (item: string | null) => void): void {
  if (customElements.get('vitrine-view')) return
  customElements.define(
    'vitrine-view',
    class extends HTMLElement {
      static readonly observedAttributes: readonly string[] = ['item']

      // The attributes of a new element are told before it is connected, which counts them.
      #counted = false

      connectedCallback(): void {
        this.#counted = true
        view(this.getAttribute('item'))
      }

      disconnectedCallback(): void {
        this.#counted = false
      }

      attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
        if (this.#counted && before !== after) view(after)
      }
    },
  )
}
