/** What both pages have in common: lists on the page, and when they were there. */

/** A list of a part of the model, or of all of it. */
export type ListKind = 'starter' | 'whole'

/** When a list stood on the page. */
export interface ShownList {
  /** Milliseconds from the navigation. */
  ms: number
  /** Tasks over 50 ms on the main thread by then. */
  longTasks: number
}

declare global {
  interface Window {
    /** The first list of each kind. */
    lists: Partial<Record<ListKind, ShownList>>
  }
}

window.lists = {}
let longTasks = 0
new PerformanceObserver((entries) => (longTasks += entries.getEntries().length)).observe({
  type: 'longtask',
  buffered: true,
})

/** Puts the list on the page and takes the time. */
export function showList(kind: ListKind, titles: readonly string[]): void {
  document.querySelector('#shelf')!.replaceChildren(
    ...titles.map((title) => {
      const line = document.createElement('li')
      line.textContent = title
      return line
    }),
  )
  window.lists[kind] ??= { ms: performance.now(), longTasks }
}
