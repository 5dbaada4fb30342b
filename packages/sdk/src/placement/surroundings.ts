/** What a placement is given, and what it tells. */
import type { CreateTopKOptions, Table, TopK } from '@vitrine/kernels'
import type { WebGpuFile } from './candidates.ts'
import type { DriftFigures } from './drift.ts'
import type { PlacedTopK } from './placed.ts'
import type { Estimate, PlacementDevice, Verdict } from './verdict.ts'

/** A model's table, and how its golden histories are asked. */
export interface Subject {
  placed: PlacedTopK
  revision: string
  /** Each lets the model make its golden searches of one history. */
  questions: readonly (() => Promise<unknown>)[]
}

/** Where verdicts are kept from one visit to the next. */
export interface VerdictStore {
  read(): Promise<unknown>
  write(verdict: Verdict): Promise<void>
}

/** What a placement takes from its surroundings. */
export interface PlacementOptions {
  createTopK: (table: Table, options: CreateTopKOptions) => Promise<TopK>
  loadWebGpu: () => Promise<WebGpuFile>
  shardUrl: string
  release: string
  verdicts: VerdictStore
  platform: {
    now: () => number
    elapsed: () => number
    setTimer: (callback: () => void, ms: number) => () => void
  }
  /** The browser's user agent. */
  browser: string
  cores: number
  /** Told of what failed besides a device: those are in `status()`. */
  onError: (error: unknown) => void
  /** In place of the constants of `tenancy.ts`. */
  tuning?: Partial<Record<'sliceMs' | 'samples' | 'quietMs' | 'worthwhileMs' | 'restMs', number>>
}

/** What diagnostics say of the device of the model in use. */
export interface PlacementStatus {
  state: 'waiting' | 'probing' | 'settled'
  device: PlacementDevice
  /** Threads that share one search; searches that wait now, and the most that ever did; searches that went over the table together with others. */
  parallel: { data: number; tasks: number; mostTasks: number; together: number }
  /** Where the decision comes from: measured in this visit, or in an earlier one. */
  decided: 'probe' | 'earlier-visit' | null
  estimates: readonly Estimate[]
  latency: DriftFigures
  /** In this page's life. */
  counts: { probes: number; moves: number; drifts: number; failures: number }
  /** Why the last device that failed did. */
  failure: string | null
}
