/** A thread that runs the training numerics: it is given memory that the main thread has filled, calls in turn. */
import { parentPort, workerData } from 'node:worker_threads'

const { module, memory } = workerData
const { exports } = new WebAssembly.Instance(module, { env: { memory } })

parentPort?.on('message', ({ name, values }) => {
  parentPort?.postMessage(/** @type {Function} */ (exports[name])(...values))
})
