/** The page's own markup from a `<template>`: its marked elements are filled with an item's fields. */
import type { ShelfItem } from './card.ts'
import { setAttribute } from './dom.ts'

const TEXTS: ReadonlySet<string> = new Set(['title', 'price', 'reason', 'category'])

/**
 * Returns a function that fills a copy of `template`. An element marked `data-vitrine="title"` (`price`,
 * `reason`, `category`) gets text, `link` gets `href`, `image` gets `src`; one whose field is missing is taken
 * out, a link only loses its `href`. Several roots, or text beside one, come wrapped in a `<div>`.
 *
 * @example
 * ```html
 * <template><a data-vitrine="link"><img data-vitrine="image" alt=""><b data-vitrine="title"></b></a></template>
 * ```
 */
export function templateRenderer(template: HTMLTemplateElement): (item: ShelfItem) => Node {
  return (item) => {
    const copy = document.importNode(template.content, true)
    for (const target of copy.querySelectorAll<HTMLElement>('[data-vitrine]')) fill(target, item)
    const [root] = copy.children
    return root && copy.children.length === 1 ? root : copy
  }
}

function fill(target: HTMLElement, item: ShelfItem): void {
  const field = target.dataset.vitrine ?? ''
  if (field === 'link') setAttribute(target, 'href', item.url)
  else if (field === 'image' && item.image !== undefined) setAttribute(target, 'src', item.image)
  else if (TEXTS.has(field) && textOf(item, field)) target.textContent = textOf(item, field)
  else target.remove()
}

function textOf(item: ShelfItem, field: string): string {
  switch (field) {
    case 'title':
      return item.title
    case 'price':
      return item.price ?? ''
    case 'reason':
      return item.reason ?? ''
    default:
      return item.category ?? ''
  }
}
