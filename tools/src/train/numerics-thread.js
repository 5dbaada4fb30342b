/** A thread that runs the training numerics: it is given memory that the main thread has filled, calls in turn. */
import { parentPort, workerData } from 'node:worker_threads'

/** @type {{ module: WebAssembly.Module, memory: WebAssembly.Memory }} */
const { module, memory } = workerData
const exports = /** @type {Record<string, (...values: number[]) => number>} */ (
  new WebAssembly.Instance(module, { env: { memory } }).exports
)

parentPort?.on('message', (/** @type {{ name: string, values: number[] }} */ { name, values }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between threads there is no origin
  parentPort?.postMessage(exports[name]?.(...values))
})
