// @ts-check
/** Stops and continues processes in turn until told to end; they always end up running. */
import { kill } from 'node:process'
import { workerData } from 'node:worker_threads'

/** Milliseconds that the processes run before each stop. */
const RUN = 1

/** `ended` turns from 0 to 1, with a notification. */
const { pids, factor, ended } =
  /** @type {{ pids: readonly number[], factor: number, ended: Int32Array<SharedArrayBuffer> }} */ (
    /** @type {unknown} */ (workerData)
  )

/** @param {'SIGSTOP' | 'SIGCONT'} signal @returns {void} */
function send(signal) {
  for (const pid of pids) {
    try {
      kill(pid, signal)
    } catch (error) {
      // A renderer that has ended needs no more slowing.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
    }
  }
}

try {
  while (Atomics.load(ended, 0) === 0) {
    send('SIGSTOP')
    // Sleeps to a fraction of a millisecond, which timers cannot.
    Atomics.wait(ended, 0, 0, RUN * (factor - 1))
    send('SIGCONT')
    Atomics.wait(ended, 0, 0, RUN)
  }
} finally {
  send('SIGCONT')
}
