/** One item on a shelf: its own markup in the shadow tree, or the page's markup in the page's tree. */
import { element, setAttribute } from './dom.ts'

/** An item as a shelf shows it. Text is shop data and may hold anything; the links passed the allow-list. */
export interface ShelfItem {
  item: string
  /** From 0. */
  position: number
  title: string
  /** Formatted for the document's language. */
  price?: string
  /** Absolute, http or https (or the page's own scheme). */
  url?: string
  image?: string
  category?: string
  /** Why it is here, as a sentence; only where the shelf shows reasons. */
  reason?: string
}

/** A place on the shelf. */
export interface Card {
  readonly element: HTMLLIElement
  /** Shows `item`, changing only what differs. */
  show(item: ShelfItem): void
  /** Takes the card, and what it put into the page, away. */
  remove(): void
}

/** Shelves tint the tiles of items without a picture in this many hues. */
const TINTS = 6

/** A card in the shelf's own markup. `pictureFailed` is called when a picture does not load. */
export function createCard(pictureFailed: () => void): Card {
  const picture = element('span', { part: 'image-frame', class: 'frame' })
  const title = element('span', { part: 'title', dir: 'auto' })
  const price = element('span', { part: 'price' })
  const reason = element('span', { part: 'reason', dir: 'auto' })
  const link = element('a', { part: 'link' }, picture, title, price, reason)
  const li = element('li', { part: 'item' }, link)
  let pictured: string | undefined

  function showPicture(item: ShelfItem): void {
    const wanted = item.image ?? ''
    if (wanted === pictured) return
    pictured = wanted
    picture.replaceChildren(wanted ? img(wanted, () => fail(item)) : placeholder(item))
  }

  function fail(item: ShelfItem): void {
    picture.replaceChildren(placeholder(item))
    pictureFailed()
  }

  return {
    element: li,
    show(item) {
      showPicture(item)
      setAttribute(link, 'href', item.url)
      setText(title, item.title)
      setText(price, item.price ?? '')
      setText(reason, item.reason ?? '')
    },
    remove: () => li.remove(),
  }
}

/** A card in the page's markup: what `render` returns lives in `host`'s light tree, under the page's own CSS. */
export function createOwnCard(host: HTMLElement, slot: string, render: (item: ShelfItem) => Node): Card {
  const li = element('li', { part: 'item', class: 'own' }, element('slot', { name: slot }))
  let placed: Element | undefined
  let shown = ''
  return {
    element: li,
    show(item) {
      // An item that only moves keeps its node.
      const content = JSON.stringify({ ...item, position: 0 })
      if (content === shown) return
      shown = content
      const made = render(item)
      const root = made instanceof Element ? made : element('div', {}, made)
      root.slot = slot
      if (placed) placed.replaceWith(root)
      else host.append(root)
      placed = root
    },
    remove() {
      placed?.remove()
      li.remove()
    },
  }
}

/** A grey card of a card's exact size, for the time before the list is there. */
export function skeletonCard(): HTMLLIElement {
  const frame = element(
    'span',
    { class: 'frame' },
    element('span', { part: 'skeleton', class: 'bone block' }),
  )
  return element(
    'li',
    { class: 'bones' },
    element('span', { class: 'link' }, frame, bone('title'), bone('price'), bone('reason')),
  )
}

function bone(part: string): HTMLElement {
  return element('span', { part, class: 'line' }, element('span', { part: 'skeleton', class: 'bone' }))
}

function img(source: string, failed: () => void): HTMLImageElement {
  // The title stands beside the picture, so a text for it would be read twice.
  const image = element('img', { part: 'image', alt: '', loading: 'lazy', decoding: 'async' })
  image.addEventListener('error', failed, { once: true })
  image.src = source
  return image
}

function placeholder(item: ShelfItem): HTMLElement {
  let hash = 0
  for (let index = 0; index < item.item.length; index++) {
    hash = (Math.imul(hash, 31) + item.item.charCodeAt(index)) >>> 0
  }
  const letter = /[\p{L}\p{N}]/u.exec(item.title)?.[0] ?? ''
  return element(
    'span',
    { part: 'placeholder', class: `placeholder tint-${hash % TINTS}`, 'aria-hidden': 'true' },
    letter,
  )
}

function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text
}
