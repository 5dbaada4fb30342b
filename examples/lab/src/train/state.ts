/** Where the training page stands, as signals, and what its buttons do. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals'
import { type AdapterName, adapterName } from '@vitrine/perf/adapter'
import type { Backend, Found, Losses } from './protocol.ts'
import { remaining } from './remaining.ts'
import { run } from './run.ts'

/** Dimensions to choose from, beside what the data suggest. */
export const DIMENSIONS = [16, 32, 64, 128] as const
const MOST_EPOCHS = 100

/** What is going on. */
export type Activity =
  | { kind: 'idle' }
  | { kind: 'running'; doing: string; share: number; left: string | undefined }
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string }
  | { kind: 'done'; url: string }

/** undefined: still looking; null: there is none. */
export const gpu: Signal<AdapterName | null | undefined> = signal(undefined)
export const backend: Signal<Backend> = signal('wasm')
export const file: Signal<File | undefined> = signal(undefined)
/** 0: as the data suggest. */
export const dimension: Signal<number> = signal(0)
export const epochs: Signal<number> = signal(0)
export const activity: Signal<Activity> = signal({ kind: 'idle' })
export const found: Signal<Found | undefined> = signal(undefined)
export const losses: Signal<Losses> = signal({ head: [], all: [] })
export const isRunning: ReadonlySignal<boolean> = computed(() => activity.value.kind === 'running')

let stop: AbortController | undefined

/** Takes the GPU where there is one. */
export async function lookForGpu(): Promise<void> {
  const adapter = await (navigator as Partial<Navigator>).gpu?.requestAdapter()
  gpu.value = adapter ? adapterName(adapter.info) : null
  if (adapter) backend.value = 'webgpu'
}

/** Takes a number as it was typed; whatever is none means: as the data suggest. */
export function chooseEpochs(text: string): void {
  const number = Math.round(Number(text))
  epochs.value = number >= 1 ? Math.min(number, MOST_EPOCHS) : 0
}

/** Trains on the chosen file; what was trained before is gone. */
export async function start(): Promise<void> {
  if (!file.value) return
  forget()
  stop = new AbortController()
  const { signal: stopped } = stop
  const started = performance.now()
  const show = (doing: string, share: number): void => {
    const left = remaining(share, performance.now() - started)
    activity.value = { kind: 'running', doing, share, left }
  }
  show('Reading the file', 0)
  const changes = {
    ...(dimension.value > 0 && { dimension: dimension.value }),
    ...(epochs.value > 0 && { epochs: epochs.value }),
  }
  const request = { file: file.value, backend: backend.value, seed: 1, changes }
  try {
    const done = await run(request, {
      signal: stopped,
      onAnswer: (answer) => {
        if (answer.kind === 'found') {
          found.value = answer.found
          show('Starting', 0)
          return
        }
        const { part, share } = answer
        losses.value = { ...losses.value, [part]: answer.losses }
        show(part === 'head' ? 'Learning from all but the newest tenth' : 'Learning from everything', share)
      },
    })
    losses.value = done.losses
    const url = URL.createObjectURL(new Blob([done.bytes], { type: 'application/octet-stream' }))
    activity.value = { kind: 'done', url }
  } catch (error) {
    activity.value = stopped.aborted
      ? { kind: 'stopped' }
      : { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

/** Ends what is going on. */
export function abort(): void {
  stop?.abort(new Error('The visitor stopped it.'))
}

function forget(): void {
  if (activity.value.kind === 'done') URL.revokeObjectURL(activity.value.url)
  found.value = undefined
  losses.value = { head: [], all: [] }
}
