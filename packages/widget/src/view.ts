/** What a shelf puts on the screen: cards, rows and words; it knows items, but no recommender. */
import type { LookOptions } from './attributes.ts'
import { type Card, type ShelfItem, createCard, createOwnCard } from './card.ts'
import { Exposure } from './exposure.ts'
import { type Frame, type ShelfState, createFrame, showHeading, showState } from './frame.ts'
import { Scroller, prefersStill } from './scroller.ts'
import { settle } from './settle.ts'
import { shelfStyle } from './style.ts'
import { templateRenderer } from './template.ts'
import { type Words, say } from './words.ts'

/** Draws an item in the page's own markup. */
export type RenderItem = (item: ShelfItem) => Node

/** An item of the shelf's list, or of the page's own. */
export type PlacedItem = Pick<ShelfItem, 'item' | 'position'>

/** What the view tells its shelf. */
export interface ViewListeners {
  /** Half of the item was in view for a second. */
  seen: (item: PlacedItem) => void
  pictureFailed: () => void
}

/** The screen side of one connected shelf. */
export class ShelfView {
  readonly #host: HTMLElement
  readonly #frame: Frame
  readonly #listeners: ViewListeners
  readonly #scroller: Scroller
  readonly #exposure: Exposure
  readonly #cards = new Map<string, Card>()
  #words: Words
  #items: readonly ShelfItem[] = []
  #state: ShelfState = 'loading'
  #slots = 0
  #markup: RenderItem | HTMLTemplateElement | undefined
  #render: RenderItem | undefined

  constructor(host: HTMLElement, root: ShadowRoot, words: Words, listeners: ViewListeners) {
    root.adoptedStyleSheets = [shelfStyle()]
    this.#host = host
    this.#frame = createFrame(root)
    this.#words = words
    this.#listeners = listeners
    this.#scroller = new Scroller(this.#frame, ({ from, to, of }) =>
      this.announce(say(this.#words.range, { from, to, of })),
    )
    this.#exposure = new Exposure((element) => {
      const item = this.#itemOf([element])
      if (item) listeners.seen(item)
    })
  }

  get state(): ShelfState {
    return this.#state
  }

  /** The page's own items: children marked `data-item`, also inside a wrapper; each id once. */
  get pageItems(): ReadonlyMap<string, { element: Element; position: number }> {
    const found = new Map<string, { element: Element; position: number }>()
    for (const child of this.#host.children) {
      // What has a slot is `slot="empty"` content, or a card that the page's markup drew.
      if (child.slot) continue
      for (const element of [child, ...child.querySelectorAll('[data-item]')]) {
        const id = element instanceof HTMLElement ? element.dataset.item : undefined
        if (id && !found.has(id)) found.set(id, { element, position: found.size })
      }
    }
    return found
  }

  setLook({ heading, headingLevel }: LookOptions, words: Words): void {
    this.#words = words
    showHeading(this.#frame, heading, headingLevel, words)
  }

  /** From now on items are drawn by `render`, or from a `<template>` child, or in the shelf's own markup. */
  setMarkup(render: RenderItem | undefined): void {
    const source = render ?? this.#host.querySelector<HTMLTemplateElement>(':scope > template') ?? undefined
    if (source === this.#markup) return
    this.#markup = source
    this.#render = source instanceof HTMLTemplateElement ? templateRenderer(source) : source
    for (const card of this.#cards.values()) card.remove()
    this.#cards.clear()
  }

  /** True where the page draws the items. */
  get hasOwnMarkup(): boolean {
    return this.#render !== undefined
  }

  setBusy(busy: boolean): void {
    this.#frame.section.setAttribute('aria-busy', String(busy))
  }

  /** Reads `text` out, politely. */
  announce(text: string): void {
    this.#frame.status.textContent = text
  }

  /** Grey cards, or the page's own list where it has one. */
  showWaiting(places: number): void {
    this.#show(this.pageItems.size > 0 ? 'fallback' : 'loading', places)
  }

  /** The page's own list, or nothing. */
  showNoList(): void {
    this.#show(this.pageItems.size > 0 ? 'fallback' : 'empty')
  }

  showList(items: readonly ShelfItem[]): void {
    const gone = new Set(this.#cards.keys())
    const elements = items.map((item) => {
      gone.delete(item.item)
      const card = this.#cards.get(item.item) ?? this.#createCard()
      this.#cards.set(item.item, card)
      card.show(item)
      return card.element
    })
    this.#items = items
    this.#show('list')
    settle(this.#frame.list, elements, { still: prefersStill() })
    for (const id of gone) {
      this.#cards.get(id)?.remove()
      this.#cards.delete(id)
    }
    this.#refresh()
  }

  /** The item whose link an event went through, and the link. */
  chosen(event: Event): (PlacedItem & { url: string }) | undefined {
    const path = event.composedPath()
    const link = path.find((target) => target instanceof HTMLAnchorElement && target.href)
    if (!(link instanceof HTMLAnchorElement)) return undefined
    const item = this.#itemOf(path)
    return item && { ...item, url: link.href }
  }

  /** Counts every item as not yet seen. */
  restart(): void {
    this.#exposure.restart()
  }

  connect(): void {
    this.#scroller.connect()
    this.#refresh()
  }

  disconnect(): void {
    this.#scroller.disconnect()
    this.#exposure.watch([])
  }

  #show(state: ShelfState, places?: number): void {
    this.#state = state
    showState(this.#frame, state, places)
    this.#refresh()
  }

  #refresh(): void {
    const { list, fallback } = this.#frame
    this.#scroller.refresh(this.#state === 'fallback' ? fallback : list)
    if (this.#state === 'list') this.#exposure.watch(list.children)
    else if (this.#state === 'fallback') {
      this.#exposure.watch([...this.pageItems.values()].map(({ element }) => element))
    } else this.#exposure.watch([])
  }

  #createCard(): Card {
    if (!this.#render) return createCard(this.#listeners.pictureFailed)
    return createOwnCard(this.#host, `vitrine-${++this.#slots}`, this.#render)
  }

  /** The item that one of `targets` is the place of. */
  #itemOf(targets: readonly EventTarget[]): PlacedItem | undefined {
    if (this.#state === 'list') {
      for (const { item, position } of this.#items) {
        const card = this.#cards.get(item)
        if (card && targets.includes(card.element)) return { item, position }
      }
      return undefined
    }
    for (const [item, { element, position }] of this.pageItems) {
      if (targets.includes(element)) return { item, position }
    }
    return undefined
  }
}
