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

/** Lets every renderer that `browser` has now run one millisecond of `factor`. Not on Windows, which has no SIGSTOP. */
export async function slowCpu(browser: Browser, factor: number): Promise<SlowCpu> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  const ended = new Int32Array(new SharedArrayBuffer(4))
  // A thread of its own: this one has a browser to talk to, and must not be late.
  const thread = new Worker(new URL('slow-cpu-thread.js', import.meta.url), {
    workerData: { pids, factor, ended },
  })
  return {
    async end() {
      const exit = new Promise((resolve) => thread.once('exit', resolve))
      Atomics.store(ended, 0, 1)
      Atomics.notify(ended, 0)
      await exit
    },
  }
}

/** How many times slower the page runs than `before`, both from {@link spin}. */
export function slowdown(before: number, now: number): number {
  return Math.round((now / before) * 10) / 10
}

/** Milliseconds of a fixed piece of arithmetic; runs in the page. */
export function spin(): number {
  const started = performance.now()
  let x = 1
  for (let at = 0; at < 3e7; at++) x = Math.imul(x, 1_664_525) + 1_013_904_223
  return performance.now() - started + (x === 0.5 ? 1 : 0)
}
