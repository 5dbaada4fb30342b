/** The devices that a table could move to, each made when the probe comes to it. */
import type { CreateTopKOptions, KernelDevice, Table, TopK } from '@vitrine/kernels'
import { type ShardPool, copyOut, firstRows, isSharable, shardTopK } from '@vitrine/kernels/sharded'
import type { createWebGpuBeside } from '@vitrine/kernels/webgpu'
import { type PoolOptions, openPool, threadsFor } from './shard-pool.ts'
import type { PlacementDevice } from './verdict.ts'

/** One device. */
export interface Candidate {
  readonly device: PlacementDevice
  /** True where a search of half the rows takes half the time, so that few tell of all. */
  readonly isLinear: boolean
  /** The first `rows` of the table on this device. @throws `Error` saying why it does not serve here. */
  create(rows: number): Promise<TopK>
  /** Gives back what all tables of this device share. */
  close(): void
}

/** What `webgpu.js` exports. */
export interface WebGpuFile {
  createWebGpuBeside: typeof createWebGpuBeside
  closeSharedGpu(): Promise<void>
}

/** What candidates are made from. */
export interface CandidateOptions {
  /** The kernel that the model was loaded with; it stays, and holds the table. */
  home: TopK
  cores: number
  createTopK: (table: Table, options: CreateTopKOptions) => Promise<TopK>
  loadWebGpu: () => Promise<WebGpuFile>
  /** Awaited between pieces of work that would hold up a list together. */
  idle: () => Promise<void>
  pool: Omit<PoolOptions, 'threads'>
}

/** All candidates but `home`, the cheapest to try first. */
export function candidatesFor(options: CandidateOptions): Candidate[] {
  const { home } = options
  const candidates = [sharded(options), webgpu(options)]
  // Where WASM is forbidden, the scalar kernel is home.
  return home.device === 'scalar' ? candidates : [scalar(options), ...candidates]
}

/** Why a device cannot be had, out of what `createTopK` throws. */
export function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  return first instanceof Error ? first.message : String(first)
}

function scalar({ home, createTopK, idle }: CandidateOptions): Candidate {
  return {
    device: 'scalar',
    isLinear: true,
    create: async (rows) => {
      const table = await copyOut(home.rows, 0, rows, idle)
      return createTopK(table, { devices: ['scalar'] satisfies KernelDevice[] })
    },
    close: () => undefined,
  }
}

function sharded({ home, cores, idle, pool: options }: CandidateOptions): Candidate {
  let opening: Promise<ShardPool> | undefined
  return {
    device: 'sharded',
    isLinear: false,
    async create(rows) {
      const threads = threadsFor(cores)
      if (threads < 2) throw new Error('This machine has one core.')
      if (!isSharable(home)) throw new Error(`The device ${home.device} cannot share its searches.`)
      const pool = await (opening ??= openPool({ ...options, threads }))
      return shardTopK(
        home,
        firstRows(() => home.rows, rows),
        pool,
        { pause: idle },
      )
    },
    close() {
      opening?.then(
        (pool) => pool.close(),
        () => undefined, // It never opened, and the probe has said why.
      )
    },
  }
}

function webgpu({ home, idle, loadWebGpu }: CandidateOptions): Candidate {
  let module: WebGpuFile | undefined
  return {
    device: 'webgpu',
    isLinear: false,
    async create(rows) {
      if (!(globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu) {
        throw new Error('This browser has no WebGPU here.')
      }
      if (!isSharable(home)) throw new Error(`The device ${home.device} keeps its table to itself.`)
      module ??= await loadWebGpu()
      return module.createWebGpuBeside(home, rows, { pause: idle })
    },
    close: () => void module?.closeSharedGpu(),
  }
}
