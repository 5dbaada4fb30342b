/**
 * Top-k on a GPU, loaded only where it is asked for. The GPU finds a shortlist that the k best rows are sure to
 * be on; the CPU scores those few as `TopK` defines, so that results are the same bits as on every device.
 */
import { quantiseQuery } from '../query.ts'
import { type ScalarRows, copyRows, rankRows, scanRows } from '../scalar.ts'
import type { TableShape } from '../table.ts'
import type { KernelDevice, KernelVariant, Query, Table, TopK, TopKResult } from '../top-k.ts'
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

/**
 * The table has been checked; `shape` is what `checkTable` said.
 * @throws `Error` where there is no GPU, it has not the memory, or it computes wrong.
 */
export async function createWebGpuTopK(
  table: Table,
  shape: TableShape,
  { open = sharedGpu, fallBack }: WebGpuOptions = {},
): Promise<TopK & GpuFigures> {
  const rows = copyRows(table)
  const onGpu = async (): Promise<GpuTable> => {
    const gpu = await open()
    return createGpuTable(gpu, await testedPipelines(gpu), rows, shape)
  }
  return new WebGpuTopK(rows, shape, await onGpu(), onGpu, fallBack)
}

/** Opens the GPU that tables share and says what it would run. @throws as {@link createWebGpuTopK}. */
export async function probeWebGpu(): Promise<KernelVariant> {
  const gpu = await sharedGpu()
  await testedPipelines(gpu)
  return variantOf(gpu)
}

class WebGpuTopK implements TopK, GpuFigures {
  wholeScans = 0
  readonly #shape: TableShape
  readonly #recreate: () => Promise<GpuTable>
  readonly #fallBack: WebGpuOptions['fallBack']
  readonly #variant: KernelVariant
  /** For the final scores, and for another device when this one is lost; undefined once disposed. */
  #rows: ScalarRows | undefined
  /** What serves, or will when it is ready. */
  #serving: Promise<GpuTable | TopK>
  /** What served last. */
  #onGpu: GpuTable | undefined
  #standIn: TopK | undefined
  #losses = 0

  constructor(
    rows: ScalarRows,
    shape: TableShape,
    onGpu: GpuTable,
    recreate: () => Promise<GpuTable>,
    fallBack: WebGpuOptions['fallBack'],
  ) {
    this.#rows = rows
    this.#shape = shape
    this.#variant = variantOf(onGpu.gpu)
    this.#onGpu = onGpu
    this.#serving = Promise.resolve(onGpu)
    this.#recreate = recreate
    this.#fallBack = fallBack
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
    if (!this.#rows) return 0
    const { values, scales, bias } = this.#rows
    const onCpu = values.byteLength + scales.byteLength + (bias?.byteLength ?? 0)
    return onCpu + (this.#onGpu?.bytes ?? 0)
  }

  async search(query: Query): Promise<TopKResult> {
    return (await this.searchMany([query]))[0]!
  }

  async searchMany(queries: readonly Query[]): Promise<TopKResult[]> {
    const quantised = queries.map((query) => quantiseQuery(query, this.#shape))
    for (;;) {
      const serving = await this.#serving
      if (!this.#rows && !this.#standIn) throw disposed()
      if (!(serving instanceof GpuTable)) return serving.searchMany(queries)
      const shortlists = await serving.shortlists(quantised).catch((error: unknown) => {
        this.#replace(serving, error)
      })
      const rows = this.#rows
      if (!shortlists || !rows) continue
      return quantised.map((query, at) => {
        const shortlist = shortlists[at]
        if (shortlist) return rankRows(rows, this.#shape, query, shortlist)
        this.wholeScans++
        return scanRows(rows, this.#shape, query)
      })
    }
  }

  dispose(): void {
    this.#rows = undefined
    this.#onGpu?.destroy()
    this.#standIn?.dispose()
    this.#onGpu = undefined
  }

  /** Puts another device in the place of one that failed; calls that failed with it then go on there. */
  #replace(failed: GpuTable, reason: unknown): void {
    // Disposed meanwhile, or another call was first.
    if (!this.#rows || this.#onGpu !== failed) return
    failed.destroy()
    this.#onGpu = undefined
    abandonGpu(failed.gpu, String(reason))
    this.#serving = this.#next(reason)
    // Whoever searches is told; nobody else may be listening.
    this.#serving.catch(() => undefined)
  }

  async #next(reason: unknown): Promise<GpuTable | TopK> {
    let why = reason
    if (this.#losses++ < RECREATIONS) {
      try {
        const onGpu = await this.#recreate()
        if (this.#rows) this.#onGpu = onGpu
        else onGpu.destroy()
        return onGpu
      } catch (error) {
        why = error
      }
    }
    const rows = this.#rows
    if (!rows) throw disposed()
    if (!this.#fallBack) throw why
    const { values, scales, bias } = rows
    const { count, dimension } = this.#shape
    const standIn = await this.#fallBack({ count, dimension, values, scales, ...(bias && { bias }) }, why)
    if (this.#rows) this.#standIn = standIn
    else standIn.dispose()
    this.#rows = undefined
    return standIn
  }
}

function variantOf({ packed, subgroups }: Gpu): KernelVariant {
  if (packed) return subgroups ? 'packed-subgroups' : 'packed'
  return subgroups ? 'subgroups' : 'plain'
}

function disposed(): Error {
  return new Error('This table was disposed; create a new one to search.')
}
