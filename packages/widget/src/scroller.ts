/** Moves along a shelf: the two buttons, and the arrow keys from item to item. */
import { setAttribute } from './dom.ts'
import type { Frame } from './frame.ts'

/** Positions of the items in view, counted from 1. */
export interface Range {
  from: number
  to: number
  of: number
}

/** Less than this many pixels of hidden list count as none: layout rounds. */
const SLACK = 2

/** Wires buttons and keys; `moved` is told what a press on a button brought into view. */
export class Scroller {
  readonly #frame: Frame
  readonly #moved: (range: Range) => void
  readonly #resized: ResizeObserver
  #row: HTMLElement

  constructor(frame: Frame, moved: (range: Range) => void) {
    this.#frame = frame
    this.#moved = moved
    this.#row = frame.list
    this.#resized = new ResizeObserver(() => this.refresh())
    frame.previous.addEventListener('click', () => this.#step(-1))
    frame.next.addEventListener('click', () => this.#step(1))
    for (const row of [frame.list, frame.fallback]) {
      row.addEventListener('scroll', () => this.refresh(), { passive: true })
      row.addEventListener('keydown', (event) => this.#key(event))
    }
  }

  connect(): void {
    this.#resized.observe(this.#frame.section)
    this.refresh()
  }

  disconnect(): void {
    this.#resized.disconnect()
  }

  /** Says which row is shown, and brings the buttons in line with what can be scrolled. */
  refresh(row: HTMLElement = this.#row): void {
    this.#row = row
    const { controls, previous, next } = this.#frame
    const hidden = row.scrollWidth - row.clientWidth
    // In right-to-left rows scrollLeft counts down from 0.
    const scrolled = Math.abs(row.scrollLeft)
    controls.classList.toggle('idle', hidden <= SLACK)
    // Not `disabled`: a button that is disabled under the shopper's finger loses the focus.
    previous.setAttribute('aria-disabled', String(scrolled <= SLACK))
    next.setAttribute('aria-disabled', String(scrolled >= hidden - SLACK))
    // A scrolling box with nothing to tab to must itself be reachable by keyboard.
    const reachable = itemsOf(row).some((item) => firstLink(item))
    setAttribute(row, 'tabindex', reachable || hidden <= SLACK ? undefined : '0')
  }

  #isRightToLeft(): boolean {
    return getComputedStyle(this.#row).direction === 'rtl'
  }

  #step(direction: 1 | -1): void {
    const button = direction > 0 ? this.#frame.next : this.#frame.previous
    if (button.getAttribute('aria-disabled') === 'true') return
    const row = this.#row
    const items = itemsOf(row)
    const [first, second] = items
    if (!first) return
    const pitch = second ? Math.abs(second.offsetLeft - first.offsetLeft) : first.offsetWidth
    const whole = Math.max(1, Math.floor((row.clientWidth + pitch - first.offsetWidth) / pitch))
    const at = Math.round(Math.abs(row.scrollLeft) / pitch)
    const start = Math.max(0, Math.min(items.length - whole, at + direction * whole))
    row.scrollTo({ left: start * pitch * (this.#isRightToLeft() ? -1 : 1), behavior: motion() })
    this.#moved({ from: start + 1, to: Math.min(items.length, start + whole), of: items.length })
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    const path = event.composedPath()
    if (path.some((target) => target instanceof Element && target.matches(OWN_ARROWS))) return
    const items = itemsOf(this.#row)
    const at = items.findIndex((item) => path.includes(item))
    const forward = (event.key === 'ArrowRight') !== this.#isRightToLeft()
    const goal = items[at + (forward ? 1 : -1)]
    if (at < 0 || !goal) return
    event.preventDefault()
    firstLink(goal)?.focus({ preventScroll: true })
    goal.scrollIntoView({ inline: 'nearest', block: 'nearest', behavior: motion() })
  }
}

/** Elements in a page's own markup that use the arrow keys themselves. */
const OWN_ARROWS = 'input, select, textarea, [contenteditable], [role=slider], [role=radio]'

/** The items of a row: its own cards, or the page's elements slotted into it. */
function itemsOf(row: HTMLElement): HTMLElement[] {
  const slot = row.querySelector<HTMLSlotElement>(':scope > slot')
  const items = slot ? slot.assignedElements() : [...row.children]
  return items.filter((item) => item instanceof HTMLElement)
}

/** Where the focus goes within an item, also when its content is the page's, in a slot. */
function firstLink(item: HTMLElement): HTMLElement | null {
  const content = item.querySelector('slot')?.assignedElements()[0] ?? item
  if (content instanceof HTMLElement && content.matches(FOCUSABLE)) return content
  return content.querySelector<HTMLElement>(FOCUSABLE)
}

const FOCUSABLE = 'a[href], button, input, select, textarea, [tabindex="0"]'

/** How to scroll: at once for shoppers who asked for less motion. */
function motion(): ScrollBehavior {
  return prefersStill() ? 'instant' : 'smooth'
}

/** True when the shopper asked the system for less motion. */
export function prefersStill(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}
