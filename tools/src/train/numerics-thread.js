/** A thread that runs the training numerics: it is given memory that the main thread has filled, calls in turn. */
import { parentPort, workerData } from 'node:worker_threads'

const { module, memory } = /** @type {{ module: WebAssembly.Module, memory: WebAssembly.Memory }} */ (
  workerData
)
const exports = /** @type {Record<string, (...values: number[]) => number>} */ (
  new WebAssembly.Instance(module, { env: { memory } }).exports
)

parentPort?.on('message', (/** @type {{ name: string, values: number[] }} */ { name, values }) => {
  parentPort?.postMessage(exports[name]?.(...values))
})
