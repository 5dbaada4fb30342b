/** What both pages have in common: a list on the page, and when it was there. */

declare global {
  interface Window {
    /** Milliseconds from navigation to the list, and tasks over 50 ms on the main thread by then. */
    firstList?: { ms: number; longTasks: number }
  }
}

let longTasks = 0
new PerformanceObserver((entries) => (longTasks += entries.getEntries().length)).observe({
  type: 'longtask',
  buffered: true,
})

/** Puts the list on the page and takes the time. */
export function showList(titles: readonly string[]): void {
  document.querySelector('#shelf')!.replaceChildren(
    ...titles.map((title) => {
      const line = document.createElement('li')
      line.textContent = title
      return line
    }),
  )
  window.firstList = { ms: performance.now(), longTasks }
}
