/**
 * Top-k on a GPU, loaded only where it is asked for. The GPU finds a shortlist that the k best rows are sure to
 * be on; the CPU scores those few as `TopK` defines, so that results are the same bits as on every device.
 */
import { quantiseQuery } from '../query.ts'
import { firstRows } from '../rows.ts'
import { createScalarTopK, rankRows } from '../scalar.ts'
import type { SharableTopK } from '../sharded/sharable.ts'
import type { TableShape } from '../table.ts'
import type { KernelDevice, KernelVariant, Query, Table, TableRows, TopK, TopKResult } from '../top-k.ts'
import { type Gpu, abandonGpu, sharedGpu } from './gpu.ts'
import { GpuTable, createGpuTable } from './gpu-table.ts'
import { testedPipelines } from './self-test.ts'

/** Devices that a table may lose before it moves to another kind of device. */
const RECREATIONS = 1

/** What measurements and tests want to know of a table on a GPU. */
export interface GpuFigures {
  /** Milliseconds that the GPU took for the last search; undefined where it was not opened with timestamps. */
  readonly lastGpuMs: number | undefined
  /** Searches that the CPU had to score whole, because more rows tied with the k-th best than a shortlist takes. */
  readonly wholeScans: number
  /** In which the GPU binds the table; 0 where it is empty, or where another device serves. */
  readonly parts: number
}

/** Options of {@link createWebGpuTopK}. */
export interface WebGpuOptions {
  /** Opens a GPU, again after one was lost; the one that all tables share where missing. */
  open?: () => Promise<Gpu>
  /** Makes what serves instead once GPUs fail again and again; without it searches reject then. */
  fallBack?: (table: Table, reason: unknown) => Promise<TopK>
}

/** Options of {@link createWebGpuBeside}. */
export interface BesideOptions extends Pick<WebGpuOptions, 'open'> {
  /** Awaited between pieces of a few MB, so that other work of this thread comes in between. */
  pause?: () => Promise<void>
}

/**
 * The table has been checked; `shape` is what `checkTable` said. It is copied once on the CPU and once on the GPU.
 * @throws `Error` where there is no GPU, it has not the memory, or it computes wrong.
 */
export async function createWebGpuTopK(
  table: Table,
  shape: TableShape,
  { open = sharedGpu, fallBack }: WebGpuOptions = {},
): Promise<TopK & GpuFigures> {
  const own = createScalarTopK(table, shape)
  return WebGpuTopK.open(own, shape, { open, own, fallBack })
}

/**
 * The first `count` rows of a kernel's table on a GPU. The kernel stays: it scores shortlists and keeps the only copy
 * on the CPU. @throws as {@link createWebGpuTopK}.
 */
export async function createWebGpuBeside(
  home: SharableTopK,
  count: number,
  { open = sharedGpu, pause }: BesideOptions = {},
): Promise<TopK & GpuFigures> {
  return WebGpuTopK.open(home, { ...home.shape, count }, { open, pause })
}

/** Opens the GPU that tables share and says what it would run. @throws as {@link createWebGpuTopK}. */
export async function probeWebGpu(): Promise<KernelVariant> {
  const gpu = await sharedGpu()
  await testedPipelines(gpu)
  return variantOf(gpu)
}

/** What a {@link WebGpuTopK} is made with. */
interface Making {
  open: () => Promise<Gpu>
  /** The kernel that goes with this one. */
  own?: SharableTopK
  fallBack?: WebGpuOptions['fallBack']
  pause?: (() => Promise<void>) | undefined
}

class WebGpuTopK implements TopK, GpuFigures {
  wholeScans = 0
  readonly rows: TableRows
  readonly #shape: TableShape
  readonly #making: Making
  readonly #variant: KernelVariant
  /** Holds the rows: for the final scores, and for another device when this one is lost; undefined once disposed. */
  #home: SharableTopK | undefined
  /** What serves, or will when it is ready. */
  #serving: Promise<GpuTable | TopK>
  /** What served last. */
  #onGpu: GpuTable | undefined
  #standIn: TopK | undefined
  #losses = 0

  static async open(home: SharableTopK, shape: TableShape, making: Making): Promise<WebGpuTopK> {
    return new WebGpuTopK(home, shape, await onGpu(home, shape, making), making)
  }

  private constructor(home: SharableTopK, shape: TableShape, table: GpuTable, making: Making) {
    this.#home = home
    this.#shape = shape
    this.rows = firstRows(() => {
      const holder = this.#standIn ?? this.#home
      if (!holder) throw disposed()
      return holder.rows
    }, shape.count)
    this.#variant = variantOf(table.gpu)
    this.#onGpu = table
    this.#serving = Promise.resolve(table)
    this.#making = making
  }

  get device(): KernelDevice {
    return this.#standIn?.device ?? 'webgpu'
  }

  get variant(): KernelVariant {
    return this.#standIn?.variant ?? this.#variant
  }

  get lastGpuMs(): number | undefined {
    return this.#onGpu?.lastGpuMs
  }

  get parts(): number {
    return this.#onGpu?.parts ?? 0
  }

  get bytes(): number {
    if (this.#standIn) return this.#standIn.bytes
    return (this.#making.own?.bytes ?? 0) + (this.#onGpu?.bytes ?? 0)
  }

  async search(query: Query): Promise<TopKResult> {
    return (await this.searchMany([query]))[0]!
  }

  async searchMany(queries: readonly Query[]): Promise<TopKResult[]> {
    const quantised = queries.map((query) => quantiseQuery(query, this.#shape))
    for (;;) {
      const serving = await this.#serving
      if (!this.#home && !this.#standIn) throw disposed()
      if (!(serving instanceof GpuTable)) return serving.searchMany(queries)
      const shortlists = await serving.shortlists(quantised).catch((error: unknown) => {
        this.#replace(serving, error)
      })
      const home = this.#home
      if (!shortlists || !home) continue
      return quantised.map((query, at) => {
        const shortlist = shortlists[at]
        if (shortlist) return rankRows(home.rows, query, shortlist)
        this.wholeScans++
        return home.searchRows([query], 0, this.#shape.count)[0]!
      })
    }
  }

  dispose(): void {
    this.#home = undefined
    this.#making.own?.dispose()
    this.#onGpu?.destroy()
    this.#standIn?.dispose()
    this.#onGpu = undefined
  }

  /** Puts another device in the place of one that failed; calls that failed with it then go on there. */
  #replace(failed: GpuTable, reason: unknown): void {
    // Disposed meanwhile, or another call was first.
    if (!this.#home || this.#onGpu !== failed) return
    failed.destroy()
    this.#onGpu = undefined
    abandonGpu(failed.gpu, String(reason))
    this.#serving = this.#next(reason)
    // Whoever searches is told; nobody else may be listening.
    this.#serving.catch(() => undefined)
  }

  async #next(reason: unknown): Promise<GpuTable | TopK> {
    const { own, fallBack } = this.#making
    let why = reason
    const home = this.#home
    if (home && this.#losses++ < RECREATIONS) {
      try {
        const table = await onGpu(home, this.#shape, this.#making)
        if (this.#home) this.#onGpu = table
        else table.destroy()
        return table
      } catch (error) {
        why = error
      }
    }
    if (!this.#home) throw disposed()
    if (!fallBack || !own) throw why
    const { values, scales, bias } = own.rows
    const { count, dimension } = this.#shape
    const standIn = await fallBack({ count, dimension, values, scales, ...(bias && { bias }) }, why)
    if (this.#home) this.#standIn = standIn
    else standIn.dispose()
    this.#home = undefined
    own.dispose()
    return standIn
  }
}

async function onGpu({ rows }: SharableTopK, shape: TableShape, { open, pause }: Making): Promise<GpuTable> {
  const gpu = await open()
  return createGpuTable(gpu, await testedPipelines(gpu), rows, shape, pause)
}

function variantOf({ packed, subgroups }: Gpu): KernelVariant {
  if (packed) return subgroups ? 'packed-subgroups' : 'packed'
  return subgroups ? 'subgroups' : 'plain'
}

function disposed(): Error {
  return new Error('This table was disposed; create a new one to search.')
}
