/** The compiled numerics of training on memory of their own, with a thread for what takes long. */
import { Worker } from 'node:worker_threads'
import { numerics } from './numerics.generated.ts'

const PAGE = 65_536
const MOST_PAGES = 65_536

let compiled: Promise<WebAssembly.Module> | undefined

/**
 * Functions and tables of `assembly/index.ts` by name. Calls here block this thread; calls on `thread` do not.
 * Whoever creates one disposes of it.
 */
export class Numerics {
  readonly #memory: WebAssembly.Memory
  readonly #module: WebAssembly.Module
  readonly #exports: WebAssembly.Exports
  #worker: Worker | undefined
  #isDisposed = false

  private constructor(module: WebAssembly.Module) {
    this.#module = module
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true })
    this.#exports = new WebAssembly.Instance(module, { env: { memory: this.#memory } }).exports
  }

  static async create(): Promise<Numerics> {
    compiled ??= WebAssembly.compile(Buffer.from(numerics, 'hex'))
    return new Numerics(await compiled)
  }

  /** Makes memory reach `end`, in bytes. */
  reserve(end: number): void {
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / PAGE)
    if (missing > 0) this.#memory.grow(missing)
  }

  /** Calls the exported function `name`. */
  call(name: string, ...values: number[]): number {
    return (this.#exports[name] as (...values: number[]) => number)(...values)
  }

  /** Calls the exported function `name` on a thread, one call at a time; rejects when that is disposed of. */
  callOnThread(name: string, ...values: number[]): Promise<number> {
    if (this.#isDisposed) return Promise.reject(new Error('The thread of training has ended.'))
    this.#worker ??= new Worker(new URL('./numerics-thread.js', import.meta.url), {
      workerData: { module: this.#module, memory: this.#memory },
    })
    const worker = this.#worker
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit)
        end()
      }
      const onMessage = (value: number): void => settle(() => resolve(value))
      const onError = (cause: Error): void => settle(() => reject(cause))
      const onExit = (): void => settle(() => reject(new Error('The thread of training has ended.')))
      worker.on('message', onMessage).on('error', onError).on('exit', onExit)
      worker.postMessage({ name, values })
    })
  }

  /** Returns the float32 table that the exported address `name` (or `name` itself) points to. */
  floats(name: string | number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#addressOf(name), length)
  }

  /** Returns the int32 table that the exported address `name` points to. */
  integers(name: string, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#addressOf(name), length)
  }

  /** Returns what lies between the exported addresses `from` and `to`. */
  bytes(from: string, to: string): Uint8Array {
    const start = this.#addressOf(from)
    return new Uint8Array(this.#memory.buffer, start, this.#addressOf(to) - start)
  }

  /** Ends the thread, at once. */
  async dispose(): Promise<void> {
    this.#isDisposed = true
    await this.#worker?.terminate()
    this.#worker = undefined
  }

  #addressOf(name: string | number): number {
    if (typeof name === 'number') return name
    return ((this.#exports[name] as WebAssembly.Global).value as number) >>> 0
  }
}
