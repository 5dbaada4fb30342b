/** In a page: runs the benchmark when told to from outside, and says how far it is. */
import { type Comparison, type Task, compare } from './compare.ts'
import type { Entrant } from './contestant.ts'

/** What to run, with whom: a name that the page knows. */
export type PageTask = Task & { company: string }

/** Where the page stands; polled from outside. A type, not an interface: it travels. */
export type Progress = {
  doing: string
  error?: string
  comparison?: Comparison
}

declare global {
  interface Window {
    benchmark?: { start(task: PageTask): void; progress(): Progress }
  }
}

/** Makes `window.benchmark` run tasks with these companies. */
export function offerBenchmark(companies: Readonly<Record<string, readonly Entrant[]>>): void {
  let progress: Progress = { doing: 'waiting' }
  const show = (doing: string): void => {
    progress = { doing }
  }
  window.benchmark = {
    start({ company, ...task }) {
      show('starting')
      void compare(task, { entrants: companies[company]!, onProgress: show }).then(
        (comparison) => (progress = { doing: 'done', comparison }),
        (error: unknown) =>
          (progress = {
            doing: 'failed',
            error: String(error instanceof Error ? (error.stack ?? error) : error),
          }),
      )
    },
    progress: () => progress,
  }
}
