// @ts-check
/** Stops and continues processes in turn until told to end; they always end up running. */
import { kill } from 'node:process'
import { workerData } from 'node:worker_threads'

/** Milliseconds that the processes run before each stop. */
const RUN = 1

/** `state` holds whether to end (then it notifies), the number of processes, and their ids. */
const { state, factor } = /** @type {{ state: Int32Array<SharedArrayBuffer>, factor: number }} */ (
  /** @type {unknown} */ (workerData)
)

/** @param {'SIGSTOP' | 'SIGCONT'} signal @returns {void} */
function send(signal) {
  for (const pid of state.subarray(2, 2 + Atomics.load(state, 1))) {
    try {
      kill(pid, signal)
    } catch (error) {
      // A renderer that has ended needs no more slowing.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
    }
  }
}

try {
  while (Atomics.load(state, 0) === 0) {
    send('SIGSTOP')
    // Sleeps to a fraction of a millisecond, which timers cannot.
    Atomics.wait(state, 0, 0, RUN * (factor - 1))
    send('SIGCONT')
    Atomics.wait(state, 0, 0, RUN)
  }
} finally {
  send('SIGCONT')
}
