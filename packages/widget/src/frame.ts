/** The shelf's fixed skeleton of elements: heading, buttons, and one row for each state. */
import { skeletonCard } from './card.ts'
import { chevron, element } from './dom.ts'
import type { Words } from './words.ts'

/**
 * What a shelf shows: grey cards while it waits, the page's own list where it has one and there is none of
 * ours yet, the list, or nothing (then the page's `slot="empty"` content, if any).
 */
export type ShelfState = 'loading' | 'fallback' | 'list' | 'empty'

/** The parts of a shelf that change later. */
export interface Frame {
  section: HTMLElement
  header: HTMLElement
  controls: HTMLElement
  previous: HTMLButtonElement
  next: HTMLButtonElement
  list: HTMLUListElement
  skeleton: HTMLUListElement
  fallback: HTMLElement
  empty: HTMLElement
  status: HTMLElement
}

/** Most grey cards drawn: more than fit a wide screen are never seen. */
const MAX_SKELETONS = 12

/** Builds the frame into `root`. */
export function createFrame(root: ShadowRoot): Frame {
  const previous = button('previous')
  const next = button('next')
  const controls = element('div', { part: 'controls', class: 'idle' }, previous, next)
  const header = element('header', { part: 'header' }, controls)
  const list = element('ul', { part: 'list', class: 'row', role: 'list', id: 'list', hidden: '' })
  const skeleton = element('ul', { part: 'list', class: 'row bare', 'aria-hidden': 'true', hidden: '' })
  const fallback = element(
    'div',
    { part: 'fallback', class: 'row', role: 'group', hidden: '' },
    element('slot'),
  )
  const empty = element('div', { part: 'empty', hidden: '' }, element('slot', { name: 'empty' }))
  // Present from the start, because a live region that appears together with its text is not read.
  const status = element('p', { class: 'unseen', role: 'status' })
  const stage = element('div', { class: 'stage' }, list, skeleton, fallback)
  const section = element('section', { part: 'shelf' }, header, stage, empty, status)
  root.append(section)
  return { section, header, controls, previous, next, list, skeleton, fallback, empty, status }
}

/** Puts the heading in, at the page's level (2 to 6), and names the region after it or, without one, itself. */
export function showHeading(frame: Frame, text: string, level: number, words: Words): void {
  const { section, header } = frame
  let heading = header.querySelector('[part=heading]')
  if (heading?.localName !== `h${level}` || !text) {
    heading?.remove()
    heading = text ? element(headingTag(level), { part: 'heading', id: 'heading', dir: 'auto' }) : null
    if (heading) header.prepend(heading)
  }
  if (heading && heading.textContent !== text) heading.textContent = text
  section.removeAttribute(heading ? 'aria-label' : 'aria-labelledby')
  if (heading) section.setAttribute('aria-labelledby', 'heading')
  else section.setAttribute('aria-label', words.shelf)
  for (const row of [frame.list, frame.fallback]) {
    row.removeAttribute(heading ? 'aria-label' : 'aria-labelledby')
    if (heading) row.setAttribute('aria-labelledby', 'heading')
    else row.setAttribute('aria-label', words.shelf)
  }
  frame.previous.setAttribute('aria-label', words.previous)
  frame.next.setAttribute('aria-label', words.next)
}

/**
 * Shows the row of `state` and hides the others. With `places`, a list of that many is still to come: grey cards
 * stand for it, or hold its room behind the page's own list, so that nothing moves when it arrives.
 */
export function showState(frame: Frame, state: ShelfState, places = 0): void {
  const { section, list, skeleton, fallback, empty } = frame
  const waiting = places > 0 && state !== 'list'
  if (!waiting) skeleton.replaceChildren()
  else if (!skeleton.hasChildNodes()) {
    skeleton.append(...Array.from({ length: Math.min(places, MAX_SKELETONS) }, skeletonCard))
  }
  skeleton.hidden = !waiting
  skeleton.classList.toggle('unpainted', state === 'fallback')
  list.hidden = state !== 'list'
  fallback.hidden = state !== 'fallback'
  empty.hidden = state !== 'empty'
  const slot = empty.querySelector('slot')
  section.hidden = state === 'empty' && slot?.assignedNodes().length === 0
}

function headingTag(level: number): 'h2' | 'h3' | 'h4' | 'h5' | 'h6' {
  return (['h2', 'h3', 'h4', 'h5', 'h6'] as const)[level - 2] ?? 'h2'
}

function button(name: 'previous' | 'next'): HTMLButtonElement {
  return element(
    'button',
    { type: 'button', part: `control ${name}`, 'aria-controls': 'list', 'aria-disabled': 'true' },
    chevron(),
  )
}
