/** In the page: runs the benchmark when told to, and says how far it is. */
import { type Comparison, type Task, compare } from './compare.ts'
import type { Entrant } from './contestant.ts'
import { gpuPeers, peers } from './peers/all.ts'
import { javascript } from './peers/javascript.ts'
import { oneThread, severalThreads, webgpu } from './vitrine.ts'

/**
 * Who takes part: `all`; `ours` and the limit, for browsers in which the peers are not asked for; or what a quick
 * look compares, ours on one thread with plain JavaScript (`quick`), in which the kernels can also be `slowed`, to
 * see that this is noticed.
 */
export type Company = 'all' | 'ours' | 'quick' | 'slowed'

/** Where the page stands; polled from outside. A type, not an interface: it travels. */
export type Progress = {
  doing: string
  error?: string
  comparison?: Comparison
}

declare global {
  interface Window {
    benchmark?: {
      start(task: Task & { company: Company }): void
      progress(): Progress
    }
  }
}

const ours: readonly Entrant[] = [...oneThread, severalThreads, webgpu]
const quick: readonly Entrant[] = [...oneThread.slice(0, 2), javascript]

const COMPANIES: Readonly<Record<Company, readonly Entrant[]>> = {
  all: [...ours, ...peers, javascript, ...gpuPeers],
  ours,
  quick,
  slowed: quick.map((entrant) => (entrant === javascript ? entrant : slowed(entrant))),
}

let progress: Progress = { doing: 'waiting' }

function show(doing: string): void {
  progress = { doing }
}

/** The scalar device under another one's name. */
function slowed({ name }: Entrant): Entrant {
  const scalar = oneThread.at(-1)!
  return { name, enter: async (job) => ({ ...(await scalar.enter(job)), name }) }
}

window.benchmark = {
  start({ company, ...task }) {
    show('starting')
    void compare(task, { entrants: COMPANIES[company], onProgress: show }).then(
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
