/** `<vitrine-shelf>`: asks a recommender for a list, shows it, and tells what of it was seen and chosen. */
import type { RecommendResult } from '@vitrine/sdk'
import { LIST_ATTRIBUTES, LOOK_ATTRIBUTES, languageOf, listOptions, lookOptions } from './attributes.ts'
import { dispatch, dispatchError } from './events.ts'
import { type Dropped, noneDropped, shelfItems } from './items.ts'
import type { ShelfState } from './frame.ts'
import { priceFormat } from './price.ts'
import { ListRequests, type RecommenderSource } from './requests.ts'
import { Tracking } from './tracking.ts'
import { Unlike } from './unlike.ts'
import { type RenderItem, ShelfView } from './view.ts'
import { type Words, wordsFor, say } from './words.ts'

/** The list in place, and what was asked for it. */
interface Shown {
  placement: string
  result: RecommendResult
}

/** How long, in ms, room is kept for a list that does not come. */
const PATIENCE_MS = 8000

// On a server there are no elements, and importing this file there must not throw.
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (Object as unknown as typeof HTMLElement)

/**
 * A shelf of recommendations. `defineShelf()` registers it; README.md lists attributes, parts, custom
 * properties and events. Its children are the page's own list, shown until there is a model: each marked
 * `data-item="id"`.
 *
 * @example
 * ```html
 * <vitrine-shelf placement="product-page" anchor="85123A" heading="Goes with this" item-url="/p/{id}">
 *   <a data-item="22423" href="/p/22423">Regency cakestand</a>
 * </vitrine-shelf>
 * ```
 */
export class VitrineShelf extends Base {
  static readonly observedAttributes: readonly string[] = [...LIST_ATTRIBUTES, ...LOOK_ATTRIBUTES]

  /** Finds the recommender of a shelf that was given none; `defineShelf()` sets it. */
  static recommenderFor: ((model: string | undefined) => RecommenderSource) | undefined = undefined

  #recommender: RecommenderSource | undefined
  #renderItem: RenderItem | undefined
  #words: Partial<Words> = {}

  #view: ShelfView | undefined
  #shown: Shown | undefined
  readonly #dropped: Dropped = noneDropped()
  readonly #unlike = new Unlike(this)
  readonly #requests = new ListRequests({
    source: () => this.#source(),
    request: () => {
      const wanted = listOptions(this)
      const fallback = [...(this.#view?.pageItems.keys() ?? [])]
      return { ...wanted, ...this.#unlike.exclude(wanted.exclude), fallback }
    },
    arrived: (result, { placement }, forced) => this.#arrived({ placement, result }, forced),
    failed: (error) => this.#failed(error),
    busy: (busy) => this.#view?.setBusy(busy),
  })
  readonly #tracking = new Tracking({
    source: () => this.#source(),
    list: () => this.#list(),
    lost: (...error) => {
      this.#dropped.events++
      if (error.length > 0) dispatchError(this, error[0])
    },
  })

  /** Ends with the element's disconnection. */
  #connection: AbortController | undefined
  /** Shows the list that waits for the shopper's pointer and focus to leave. */
  #held: (() => void) | undefined

  /** The recommender to ask, or a promise of it. Without one, the page-wide one is used. */
  get recommender(): RecommenderSource | undefined {
    return this.#recommender
  }
  set recommender(recommender: RecommenderSource | undefined) {
    if (recommender === this.#recommender) return
    this.#recommender = recommender
    // It is awaited in a later task and its rejection told then; until then it must not count as unhandled.
    if (recommender && 'then' in recommender) recommender.then(undefined, () => undefined)
    this.#ask()
  }

  /** Draws items in the page's markup, in the page's own tree; a `<template>` child does it without code. */
  get renderItem(): RenderItem | undefined {
    return this.#renderItem
  }
  set renderItem(render: RenderItem | undefined) {
    this.#renderItem = render
    this.#view?.setMarkup(render)
    this.#redraw()
  }

  /** Phrases to use in place of the built-in ones for the document's language. */
  get words(): Partial<Words> {
    return this.#words
  }
  set words(words: Partial<Words>) {
    this.#words = words
    this.#redraw()
  }

  /** What the shelf shows now. */
  get state(): ShelfState {
    return this.#view?.state ?? 'loading'
  }

  /** What was left out so far, by kind. */
  get dropped(): Readonly<Dropped> {
    return { ...this.#dropped }
  }

  /**
   * Asks for a new list and shows it at once, even under the shopper's pointer.
   *
   * @param options.announce reads out that the list is new: for what the shopper asked for, nothing else.
   */
  async refresh(options: { announce?: boolean } = {}): Promise<void> {
    await this.#requests.ask({ forced: true })
    const items = this.#shown?.result.items.length ?? 0
    if (options.announce) this.#view?.announce(say(this.#phrases().updated, { of: items }))
  }

  connectedCallback(): void {
    for (const name of ['recommender', 'renderItem', 'words'] as const) this.#takeEarly(name)
    this.#view ??= this.#createView()
    this.#connection = new AbortController()
    const { signal } = this.#connection
    this.addEventListener('click', (event) => this.#clicked(event), { signal })
    this.addEventListener('auxclick', (event) => this.#clicked(event), { signal })
    for (const type of ['pointerleave', 'focusout']) {
      // The focus is nowhere while it moves; by the next task it has arrived.
      this.addEventListener(type, () => setTimeout(() => this.#release()), { signal })
    }
    this.#unlike.follow(() => this.#requests.plan({ forced: false }), signal)
    addEventListener('pageshow', ({ persisted }) => persisted && this.#restart(), { signal })
    this.#view.connect()
    this.#redraw()
    // While the page is being parsed, the shelf's children may not be there yet.
    if (document.readyState !== 'loading') this.#begin(signal)
    else document.addEventListener('DOMContentLoaded', () => this.#begin(signal), { once: true, signal })
  }

  disconnectedCallback(): void {
    this.#connection?.abort()
    this.#requests.stop()
    this.#view?.disconnect()
    this.#held = undefined
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.#view) return
    if ((LOOK_ATTRIBUTES as readonly string[]).includes(name)) this.#redraw()
    else {
      this.#tracking.startOver()
      this.#ask()
    }
  }

  #createView(): ShelfView {
    const view = new ShelfView(this, this.attachShadow({ mode: 'open' }), this.#phrases(), {
      seen: (item) => this.#tracking.seen(item),
      pictureFailed: () => this.#dropped.images++,
    })
    view.showWaiting(listOptions(this).k)
    return view
  }

  #begin(signal: AbortSignal): void {
    this.#view?.setMarkup(this.#renderItem)
    if (!this.#shown) this.#view?.showWaiting(listOptions(this).k)
    const patience = setTimeout(() => this.state !== 'list' && this.#view?.showNoList(), PATIENCE_MS)
    signal.addEventListener('abort', () => clearTimeout(patience))
    this.#requests.plan({ forced: false, inMs: this.#unlike.patienceMs })
  }

  /** The page changed what it wants: it gets it at once. */
  #ask(): void {
    if (this.isConnected) this.#requests.plan({ forced: true })
  }

  #source(): RecommenderSource | undefined {
    const { recommenderFor } = this.constructor as typeof VitrineShelf
    return this.#recommender ?? recommenderFor?.(this.getAttribute('model') ?? undefined)
  }

  #list(): { placement: string; revision: string | null } {
    const { placement = listOptions(this).placement, result } = this.#shown ?? {}
    return { placement, revision: result?.revision ?? null }
  }

  #arrived(shown: Shown, forced: boolean): void {
    const wait = !forced && this.#isInUse()
    this.#held = wait ? () => this.#show(shown) : undefined
    if (!wait) this.#show(shown)
  }

  #failed(error: unknown): void {
    if (this.state !== 'list') this.#view?.showNoList()
    dispatchError(this, error)
  }

  #show(shown: Shown): void {
    const view = this.#view
    const { source, revision, starter, items } = shown.result
    const own = source === 'page'
    // Without a model and without a list of the page's own, the model may still be on its way.
    if (!view || (own && items.length === 0 && view.state === 'loading')) return
    // A list of ours is never given up for the page's.
    if (own && view.state === 'list') return
    this.#shown = shown
    if (!own) this.#draw(this.#dropped)
    const ids = items.map(({ item }) => item)
    this.#unlike.show(ids)
    dispatch(this, 'vitrine-ready', {
      placement: shown.placement,
      source,
      revision,
      ...(starter && { starter }),
      items: ids,
      dropped: this.dropped,
    })
  }

  /** Shows the same list with the look of now; nothing new is left out by it. */
  #redraw(): void {
    this.#view?.setLook(lookOptions(this), this.#phrases())
    if (this.#shown && this.state === 'list') this.#draw(noneDropped())
  }

  #draw(dropped: Dropped): void {
    const view = this.#view
    if (!view || !this.#shown) return
    const look = lookOptions(this)
    const items = shelfItems(this.#shown.result, {
      look,
      words: this.#phrases(),
      base: this.baseURI,
      price: priceFormat(look.currency, languageOf(this), (error) => dispatchError(this, error)),
      ownMarkup: view.hasOwnMarkup,
      dropped,
    })
    if (items.length > 0) view.showList(items)
    else view.showNoList()
  }

  #phrases(): Words {
    return { ...wordsFor(languageOf(this)), ...this.#words }
  }

  #isInUse(): boolean {
    const { state } = this
    if (state !== 'list' && state !== 'fallback') return false
    // A finger leaves :hover behind where it touched.
    const hovered = this.matches(':hover') && matchMedia('(hover: hover)').matches
    return hovered || this.matches(':focus-within')
  }

  #release(): void {
    if (!this.#held || this.#isInUse()) return
    const show = this.#held
    this.#held = undefined
    show()
  }

  /** Back from the browser's page cache: the shopper looks at the page anew. */
  #restart(): void {
    this.#tracking.startOver()
    this.#view?.restart()
  }

  #clicked(event: MouseEvent): void {
    // Of the other buttons, only the middle one follows a link.
    const chosen = event.button <= 1 ? this.#view?.chosen(event) : undefined
    if (!chosen) return
    this.#tracking.chosen(chosen)
    const goOn = dispatch(this, 'vitrine-select', { ...chosen, ...this.#list() })
    if (!goOn) event.preventDefault()
  }

  /** A property set before the element was defined hides the accessor: hand it over. */
  #takeEarly(name: 'recommender' | 'renderItem' | 'words'): void {
    if (!Object.hasOwn(this, name)) return
    const value = this[name]
    // eslint-disable-next-line typescript/no-dynamic-delete -- one of three names
    delete (this as Partial<VitrineShelf>)[name]
    Object.assign(this, { [name]: value })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'vitrine-shelf': VitrineShelf
  }
}
