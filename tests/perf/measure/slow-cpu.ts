/**
 * A slower processor for a browser's pages and their workers. Chromium's own throttling (CDP) knows pages only, and
 * this SDK works in a worker: so whole renderer processes are stopped and continued many times a second.
 */
import { Worker } from 'node:worker_threads'
import type { Browser } from 'playwright'

/** A slowed browser. */
export interface SlowCpu {
  /** Runs the processes at full speed again. */
  end(): Promise<void>
}

/** How often new renderers are looked for, in milliseconds: a navigation may bring one. */
const LOOK = 50
const MOST_RENDERERS = 62

/** Lets every renderer of `browser` run one millisecond of `factor`. Not on Windows, which has no SIGSTOP. */
export async function slowCpu(browser: Browser, factor: number): Promise<SlowCpu> {
  const session = await browser.newBrowserCDPSession()
  // Whether it has ended, how many processes there are, and their ids.
  const state = new Int32Array(new SharedArrayBuffer(4 * (2 + MOST_RENDERERS)))
  const look = async (): Promise<void> => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
    const known = new Set(state.subarray(2, 2 + state[1]!))
    for (const pid of pids.filter((each) => !known.has(each)).slice(0, MOST_RENDERERS - known.size)) {
      state[2 + state[1]!] = pid
      Atomics.add(state, 1, 1)
    }
  }
  await look()
  // A thread of its own: this one has a browser to talk to, and must not be late.
  const thread = new Worker(new URL('slow-cpu-thread.js', import.meta.url), { workerData: { state, factor } })
  let failure: unknown
  const timer = setInterval(() => {
    void look().catch((error: unknown) => (failure ??= error))
  }, LOOK)
  return {
    async end() {
      clearInterval(timer)
      const exit = new Promise((resolve) => thread.once('exit', resolve))
      Atomics.store(state, 0, 1)
      Atomics.notify(state, 0)
      await exit
      await session.detach()
      if (failure !== undefined) throw new Error('Not every renderer was slowed.', { cause: failure })
    },
  }
}

/** How many times slower the page runs than `before`, both from {@link spin}. */
export function slowdown(before: number, now: number): number {
  return Math.round((now / before) * 10) / 10
}

/**
 * Milliseconds of a fixed piece of arithmetic; runs in the page.
 *
 * @param place 0 takes the best of three runs, which says how fast a page can be; 1 the middle one, which says how
 * fast it is.
 */
export function spin(place = 0): number {
  const runs: number[] = []
  for (let run = 0; run < 3; run++) {
    const started = performance.now()
    let x = 1
    for (let at = 0; at < 2e7; at++) x = Math.imul(x, 1_664_525) + 1_013_904_223
    // The result is used, or the loop would go.
    runs.push(performance.now() - started + (x === 0.5 ? 1 : 0))
  }
  return runs.toSorted((a, b) => a - b)[place]!
}
