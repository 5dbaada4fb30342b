/** A page with one shelf, for tests of the element. */
import { expect, vi } from 'vitest'
import { server, userEvent } from 'vitest/browser'
import type { FixedRecommender } from './fixed-recommender.ts'
import { type VitrineShelf, defineShelf } from '../src/index.ts'

/** Firefox over WebDriver BiDi does not move a pointer into the frame that tests run in. */
export const hasPointer: boolean = server.browser !== 'firefox'

/** Registers the shelf and empties the page. */
export function openPage(): void {
  defineShelf()
  document.body.replaceChildren()
}

/** Takes the pointer off every shelf. */
export async function leave(): Promise<void> {
  const corner = document.createElement('button')
  Object.assign(corner.style, { position: 'fixed', insetInlineEnd: '0', bottom: '0', padding: '1rem' })
  document.body.append(corner)
  await userEvent.hover(corner)
}

/** Puts markup with one shelf into the page. */
export function place(markup: string): VitrineShelf {
  document.body.innerHTML = markup
  return document.querySelector('vitrine-shelf')!
}

/** A shelf that shows the recommender's list. */
export async function placeWith(recommender: FixedRecommender, attributes = ''): Promise<VitrineShelf> {
  const shelf = place(`<vitrine-shelf ${attributes}></vitrine-shelf>`)
  shelf.recommender = recommender
  await vi.waitFor(() => expect(shelf.state).toBe('list'))
  return shelf
}

/** The shelf's elements with a part name. */
export function parts(shelf: VitrineShelf, part: string): HTMLElement[] {
  return [...shelf.shadowRoot!.querySelectorAll<HTMLElement>(`[part~=${part}]`)]
}

/** Titles on show, in order. */
export function titles(shelf: VitrineShelf): string[] {
  return parts(shelf, 'item').map((item) => item.querySelector('[part=title]')!.textContent)
}

/** The row of cards. */
export function rowOf(shelf: VitrineShelf): HTMLElement {
  return shelf.shadowRoot!.querySelector<HTMLElement>('ul[part=list]')!
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
