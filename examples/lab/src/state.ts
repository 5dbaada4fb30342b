/** Where the lab stands, as signals, and what its buttons do. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals'
import type { Absent } from '@vitrine/perf/kernels/compare'
import { type KernelRow, rowsOf } from '@vitrine/perf/kernels/rows'
import { browserName } from './browser-name.ts'
import { type FoundDevice, findDevices } from './devices.ts'
import { run } from './run.ts'
import { type SharedResult, decodeResult } from './share.ts'

/** Numbers of items to choose from. */
export const SIZES = [1_000, 10_000, 100_000, 1_000_000] as const
const DIMENSION = 64
const K = 24
/** Medians of so many samples, each so long: fewer than in a report, because somebody waits. */
const SAMPLES = 15
const SAMPLE_MS = 20

/** What is going on. */
export type Activity =
  | { kind: 'idle' }
  | { kind: 'running'; doing: string; share: number }
  | { kind: 'stopped' }
  | { kind: 'failed'; message: string }
  | { kind: 'done' }

export const browser: string = browserName(navigator.userAgent)
export const devices: Signal<readonly FoundDevice[]> = signal([])
export const sizes: Signal<ReadonlySet<number>> = signal(new Set([10_000, 100_000]))
export const withPeers: Signal<boolean> = signal(false)
export const activity: Signal<Activity> = signal({ kind: 'idle' })
export const rows: Signal<readonly KernelRow[]> = signal([])
export const absent: Signal<readonly Absent[]> = signal([])
export const theirs: Signal<SharedResult | undefined> = signal(undefined)
export const isRunning: ReadonlySignal<boolean> = computed(() => activity.value.kind === 'running')

let stop: AbortController | undefined

/** Looks around: which devices there are, and whether the link brought a result. */
export async function lookAround(): Promise<void> {
  theirs.value = decodeResult(location.hash)
  devices.value = await findDevices()
}

/** Measures each chosen size in turn; what was measured before is gone. */
export async function start(): Promise<void> {
  const chosen = [...sizes.value].toSorted((a, b) => a - b)
  stop = new AbortController()
  const { signal: stopped } = stop
  rows.value = []
  absent.value = []
  try {
    for (const [at, n] of chosen.entries()) {
      const task = { n, d: DIMENSION, k: K, samples: SAMPLES, sampleMs: SAMPLE_MS, limit: READ_LIMIT }
      const onProgress = (doing: string, share: number): void => {
        const name = `${n.toLocaleString('en')} items: ${doing}`
        activity.value = { kind: 'running', doing: name, share: (at + share) / chosen.length }
      }
      onProgress('starting', 0)
      const found = await run({ task, peers: withPeers.value }, { signal: stopped, onProgress })
      rows.value = [...rows.value, ...rowsOf(browser, task, found.timings)]
      absent.value = found.absent
    }
    activity.value = { kind: 'done' }
  } catch (error) {
    activity.value = stopped.aborted
      ? { kind: 'stopped' }
      : { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }
}

/** Ends what is going on; what was measured stays. */
export function abort(): void {
  stop?.abort(new Error('The visitor stopped it.'))
}

/** Adds a size, or takes it away; the last one stays. */
export function toggleSize(n: number): void {
  const chosen = new Set(sizes.value)
  if (!chosen.delete(n)) chosen.add(n)
  if (chosen.size > 0) sizes.value = chosen
}
