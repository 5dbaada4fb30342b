/** The DOM events a shelf dispatches; all bubble and cross shadow roots. */
import { type ErrorCode, type Source, isVitrineError } from '@vitrine/sdk'
import type { Dropped } from './items.ts'

/** `vitrine-ready`: a list is in place, the first one or one that replaced it. */
export interface ReadyDetail {
  placement: string
  /** Where the list came from; `page` is the page's own list. */
  source: Source
  /** Model revision that ranked, `null` without one. */
  revision: string | null
  /** True while the model is on its way and its starter ranked. */
  starter?: true
  /** Item ids in order. */
  items: string[]
  dropped: Readonly<Dropped>
}

/** `vitrine-select`: the shopper chose an item. Cancel it to keep the browser from following the link. */
export interface SelectDetail {
  placement: string
  item: string
  /** From 0. */
  position: number
  revision: string | null
  /** Where the link leads. */
  url: string
}

/** `vitrine-error`: something failed; the shelf shows what it had, or the page's own list. */
export interface ErrorDetail {
  /** See docs/errors.md; `INTERNAL` for anything that carries no code. */
  code: ErrorCode
  message: string
  error: unknown
}

/** Events by name. */
export interface ShelfEvents {
  'vitrine-ready': ReadyDetail
  'vitrine-select': SelectDetail
  'vitrine-error': ErrorDetail
}

type ShelfEventMap = { [K in keyof ShelfEvents]: CustomEvent<ShelfEvents[K]> }

declare global {
  interface HTMLElementEventMap extends ShelfEventMap {}
  interface DocumentEventMap extends ShelfEventMap {}
}

/** Dispatches an event from `target`; returns false where a listener cancelled it. */
export function dispatch<K extends keyof ShelfEvents>(
  target: EventTarget,
  name: K,
  detail: ShelfEvents[K],
): boolean {
  const cancelable = name === 'vitrine-select'
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }))
}

/** Dispatches `vitrine-error` for whatever was thrown. */
export function dispatchError(target: EventTarget, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  dispatch(target, 'vitrine-error', {
    code: isVitrineError(error) ? error.code : 'INTERNAL',
    message,
    error,
  })
}
