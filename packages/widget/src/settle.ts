/** Brings a list into a new order without a flash: items that stay keep their nodes and glide to their places. */

/** By then every item has glided to its place, and the browser has forgotten where it had snapped. */
const SETTLED_MS = 400
const GLIDE: KeyframeAnimationOptions = { duration: 220, easing: 'cubic-bezier(.2, .7, .3, 1)' }

/**
 * Makes `wanted` the children of `list`, in order. The list stays scrolled where it is.
 *
 * @param options.still no movement, e.g. because the shopper asked for less of it.
 */
export function settle(list: HTMLElement, wanted: readonly HTMLElement[], options: { still: boolean }): void {
  const before = new Map(childrenOf(list).map((child) => [child, child.offsetLeft]))
  const scrolled = list.scrollLeft
  const keep = new Set(wanted)
  // Scroll snapping would follow the item it stands at to wherever that moves.
  list.classList.add('settling')
  for (const child of before.keys()) if (!keep.has(child)) child.remove()
  let cursor = list.firstElementChild
  for (const child of wanted) {
    if (child === cursor) cursor = cursor.nextElementSibling
    else list.insertBefore(child, cursor)
  }
  list.scrollLeft = scrolled
  setTimeout(() => list.classList.remove('settling'), SETTLED_MS)
  if (options.still) return
  for (const child of wanted) {
    const from = before.get(child)
    if (from === undefined) child.animate({ opacity: [0, 1] }, GLIDE)
    else if (from !== child.offsetLeft) {
      child.animate({ transform: [`translateX(${from - child.offsetLeft}px)`, 'none'] }, GLIDE)
    }
  }
}

function childrenOf(list: HTMLElement): HTMLElement[] {
  return [...list.children].filter((child) => child instanceof HTMLElement)
}
