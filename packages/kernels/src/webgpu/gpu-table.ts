/** Searches a table on a GPU: one submit and one read-back for all queries of a call. */
import type { QuantisedQuery } from '../query.ts'
import type { TableShape } from '../table.ts'
import type { TableRows } from '../top-k.ts'
import { GrowingBuffer, ReadBackRing, USAGE } from './buffers.ts'
import type { Gpu } from './gpu.ts'
import { keyTermsOf } from './keys.ts'
import type { Pipelines } from './pipelines.ts'
import { BATCH_HEADER, BATCH_QUERIES, NO_MASK, RESULT_HEADER, STATE_WORDS, WORKGROUP } from './shaders.ts'
import { type TablePart, allocateTable } from './table-parts.ts'

/** Room in a shortlist beyond k: rows too close to the k-th one for the GPU to tell, and a bin's spare rows. */
const ROOM_BEYOND_K = 1024
/** More workgroups than any GPU runs at once; each takes rows until none are left. */
const MOST_WORKGROUPS = 1024
/** What a dynamic offset has to be divisible by. */
const OFFSET_ALIGNMENT = 256
const TIMESTAMP_BYTES = 16

/** A query with its place in the buffers of a submit. */
interface PlacedQuery {
  readonly query: QuantisedQuery
  /** Rows that the shortlist has room for. */
  readonly capacity: number
  /** First word of its result. */
  readonly resultAt: number
  /** First word of its mask. */
  readonly maskAt: number
}

/** `pause` is awaited between pieces of the upload. @throws `Error` when the GPU has not the memory. */
export async function createGpuTable(
  gpu: Gpu,
  pipelines: Pipelines,
  rows: TableRows,
  shape: TableShape,
  pause?: () => Promise<void>,
): Promise<GpuTable> {
  const { device } = gpu
  if (shape.count > gpu.bindingBytes) {
    throw new Error(
      `A mask of ${shape.count} rows exceeds the ${gpu.bindingBytes} bytes that this GPU can bind.`,
    )
  }
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  const { parts, write } = allocateTable(gpu, pipelines, rows, shape)
  const table = new GpuTable(gpu, pipelines, parts, shape)
  const [noMemory, invalid] = await Promise.all([device.popErrorScope(), device.popErrorScope()])
  const error = noMemory ?? invalid
  try {
    if (error) {
      const bytes = shape.count * shape.dimension
      throw new Error(
        `The GPU refuses a table of ${bytes} bytes: ${error.message || 'it has not the memory'}.`,
      )
    }
    await write(pause)
    return table
  } catch (reason) {
    table.destroy()
    throw reason
  }
}

/** A table in a GPU's memory. Calls may overlap. */
export class GpuTable {
  /** Milliseconds that the GPU took for the last search, where the device was opened with timestamps. */
  lastGpuMs: number | undefined
  readonly gpu: Gpu
  readonly #pipelines: Pipelines
  readonly #parts: readonly TablePart[]
  readonly #shape: TableShape
  /** Bytes from a batch to the next one in the buffer: headers, then vectors `[d / 16, queries, parts]`. */
  readonly #batchBytes: number
  /** Words of one mask. */
  readonly #maskWords: number
  readonly #batches: GrowingBuffer
  readonly #masks: GrowingBuffer
  readonly #results: GrowingBuffer
  readonly #state: GPUBuffer
  readonly #readBack: ReadBackRing
  readonly #timestamps: { set: GPUQuerySet; buffer: GPUBuffer } | undefined
  #group: GPUBindGroup | undefined
  #lastTicket = 0

  constructor(gpu: Gpu, pipelines: Pipelines, parts: readonly TablePart[], shape: TableShape) {
    const { device } = gpu
    this.gpu = gpu
    this.#pipelines = pipelines
    this.#parts = parts
    this.#shape = shape
    const vectorBytes = shape.dimension * BATCH_QUERIES * 2
    this.#batchBytes = Math.ceil((BATCH_HEADER * 16 + vectorBytes) / OFFSET_ALIGNMENT) * OFFSET_ALIGNMENT
    this.#maskWords = Math.ceil(shape.count / 4)
    const { storage, copyTarget, copySource, queryResolve } = USAGE
    this.#batches = new GrowingBuffer(device, storage | copyTarget, this.#batchBytes)
    this.#masks = new GrowingBuffer(device, storage | copyTarget, 256)
    this.#results = new GrowingBuffer(device, storage | copyTarget | copySource, 4096)
    this.#state = device.createBuffer({ size: BATCH_QUERIES * STATE_WORDS * 4, usage: storage | copyTarget })
    this.#readBack = new ReadBackRing(device)
    this.#timestamps = gpu.timestamps
      ? {
          set: device.createQuerySet({ type: 'timestamp', count: 2 }),
          buffer: device.createBuffer({ size: TIMESTAMP_BYTES, usage: queryResolve | copySource }),
        }
      : undefined
  }

  get parts(): number {
    return this.#parts.length
  }

  get bytes(): number {
    const buffers = [this.#batches.buffer, this.#masks.buffer, this.#results.buffer, this.#state]
    const parts = this.#parts.reduce((sum, { bytes }) => sum + bytes, 0)
    return buffers.reduce((sum, { size }) => sum + size, parts) + this.#readBack.bytes
  }

  /**
   * For each query, rows of which all of the k best are some, in no order; undefined where more rows tie with
   * the k-th best than the shortlist has room for. @throws `Error` when the device fails.
   */
  async shortlists(queries: readonly QuantisedQuery[]): Promise<(Uint32Array | undefined)[]> {
    const { lost } = this.gpu.trouble
    if (lost !== undefined) throw new Error(`The GPU was lost: ${lost}.`)
    if (this.#parts.length === 0 || queries.length === 0) return queries.map(() => new Uint32Array(0))
    return (await Promise.all(this.#place(queries).map((placed) => this.#submit(placed)))).flat()
  }

  destroy(): void {
    for (const part of this.#parts) part.destroy()
    for (const { buffer } of [this.#batches, this.#masks, this.#results]) buffer.destroy()
    this.#state.destroy()
    this.#readBack.destroy()
    this.#timestamps?.set.destroy()
    this.#timestamps?.buffer.destroy()
  }

  /** One submit for all queries, unless their masks or results together exceed what can be bound. */
  #place(queries: readonly QuantisedQuery[]): PlacedQuery[][] {
    const largest = this.gpu.bindingBytes / 4
    const submits: PlacedQuery[][] = [[]]
    let resultAt = 0
    let masks = 0
    for (const query of queries) {
      const capacity = Math.min(query.k + ROOM_BEYOND_K, this.#shape.count, largest - RESULT_HEADER)
      const words = RESULT_HEADER + capacity
      if (resultAt + words > largest || (query.mask && (masks + 1) * this.#maskWords > largest)) {
        submits.push([])
        resultAt = 0
        masks = 0
      }
      const maskAt = query.mask ? masks++ * this.#maskWords : NO_MASK
      submits.at(-1)!.push({ query, capacity, resultAt, maskAt })
      resultAt += words
    }
    return submits
  }

  /** Nothing waits before the submit: calls that overlap would write over each other's queries. */
  async #submit(placed: readonly PlacedQuery[]): Promise<(Uint32Array | undefined)[]> {
    const { device } = this.gpu
    const ticket = (this.#lastTicket = (this.#lastTicket % 0x7fffffff) + 1)
    const batches: PlacedQuery[][] = []
    for (let at = 0; at < placed.length; at += BATCH_QUERIES)
      batches.push(placed.slice(at, at + BATCH_QUERIES))
    const last = placed.at(-1)!
    const resultBytes = 4 * (last.resultAt + RESULT_HEADER + last.capacity)
    this.#makeRoom(batches.length, placed, resultBytes)
    for (const [at, batch] of batches.entries()) this.#writeBatch(at, batch, ticket)

    const encoder = device.createCommandEncoder()
    encoder.clearBuffer(this.#results.buffer, 0, resultBytes)
    for (const [at, batch] of batches.entries()) {
      this.#encodeBatch(encoder, batch, at, at === batches.length - 1)
    }
    const timesAt = Math.ceil(resultBytes / 8) * 8
    const readBytes = this.#timestamps ? timesAt + TIMESTAMP_BYTES : resultBytes
    const staging = this.#readBack.take(readBytes)
    encoder.copyBufferToBuffer(this.#results.buffer, 0, staging, 0, resultBytes)
    if (this.#timestamps) {
      const { set, buffer } = this.#timestamps
      encoder.resolveQuerySet(set, 0, 2, buffer, 0)
      encoder.copyBufferToBuffer(buffer, 0, staging, timesAt, TIMESTAMP_BYTES)
    }
    device.queue.submit([encoder.finish()])

    const contents = await this.#readBack.read(staging, readBytes)
    if (this.#timestamps) {
      const [start, end] = new BigUint64Array(contents, timesAt, 2) as unknown as [bigint, bigint]
      this.lastGpuMs = Number(end - start) / 1e6
    }
    const words = new Uint32Array(contents, 0, resultBytes / 4)
    return placed.map(({ resultAt, capacity }) => {
      const count = words[resultAt]!
      if (words[resultAt + 1] !== ticket) {
        throw new Error(`The GPU did not run the search: ${this.gpu.trouble.error ?? 'no reason was given'}.`)
      }
      const start = resultAt + RESULT_HEADER
      return count > capacity ? undefined : words.slice(start, start + count)
    })
  }

  #makeRoom(batches: number, placed: readonly PlacedQuery[], resultBytes: number): void {
    const masks = placed.reduce((count, { query }) => (query.mask ? count + 1 : count), 0)
    const replaced = [
      this.#batches.fit(batches * this.#batchBytes),
      this.#masks.fit(4 * masks * this.#maskWords),
      this.#results.fit(resultBytes),
    ]
    if (this.#group && !replaced.includes(true)) return
    const batch = { buffer: this.#batches.buffer, size: this.#batchBytes }
    const rest = [this.#masks.buffer, this.#results.buffer].map((buffer) => ({ buffer }))
    const [masksBinding, resultsBinding] = rest as [GPUBufferBinding, GPUBufferBinding]
    this.#group = this.gpu.device.createBindGroup({
      layout: this.#pipelines.searchLayout,
      entries: [batch, masksBinding, { buffer: this.#state }, resultsBinding].map((resource, binding) => ({
        binding,
        resource,
      })),
    })
  }

  #writeBatch(batchAt: number, batch: readonly PlacedQuery[], ticket: number): void {
    const { queue } = this.gpu.device
    const bytes = new ArrayBuffer(this.#batchBytes)
    const words = new Uint32Array(bytes)
    const floats = new Float32Array(bytes)
    const vectors = new Int8Array(bytes, BATCH_HEADER * 16)
    const queries = batch.length === 1 ? 1 : BATCH_QUERIES
    const parts = partsOf(batch)
    for (let at = batch.length; at < BATCH_QUERIES; at++) words[8 * at + 3] = NO_MASK
    for (const [at, { query, capacity, resultAt, maskAt }] of batch.entries()) {
      const { scaleFactor, biasFactor, margin, rest } = keyTermsOf(query, this.#shape)
      floats.set([scaleFactor, biasFactor], 8 * at)
      words.set([query.k, maskAt, margin, capacity, resultAt, ticket], 8 * at + 2)
      for (let j = 0; j < query.quantised.length; j += 16) {
        const to = j * queries * parts + at * parts * 16
        vectors.set(query.quantised.subarray(j, j + 16), to)
        if (rest) vectors.set(rest.subarray(j, j + 16), to + 16)
      }
      if (query.mask) writeMask(queue, this.#masks.buffer, 4 * maskAt, query.mask)
    }
    queue.writeBuffer(this.#batches.buffer, batchAt * this.#batchBytes, bytes)
  }

  #encodeBatch(encoder: GPUCommandEncoder, batch: readonly PlacedQuery[], at: number, isLast: boolean): void {
    const { one, many, pickCoarse, refine, pickFine, collect } = this.#pipelines
    encoder.clearBuffer(this.#state)
    const pass = encoder.beginComputePass(this.#timing(at === 0, isLast))
    pass.setBindGroup(1, this.#group!, [at * this.#batchBytes])
    const overTable = (pipeline: GPUComputePipeline, queries: number): void => {
      pass.setPipeline(pipeline)
      for (const { group, rows } of this.#parts) {
        pass.setBindGroup(0, group)
        pass.dispatchWorkgroups(Math.min(MOST_WORKGROUPS, Math.ceil(rows / WORKGROUP)), queries)
      }
    }
    const overQueries = (pipeline: GPUComputePipeline): void => {
      pass.setPipeline(pipeline)
      pass.dispatchWorkgroups(batch.length)
    }
    overTable((batch.length === 1 ? one : many)[partsOf(batch) === 1 ? 0 : 1], 1)
    overQueries(pickCoarse)
    overTable(refine, batch.length)
    overQueries(pickFine)
    overTable(collect, batch.length)
    pass.end()
  }

  /** The time is taken before the first batch and after the last. */
  #timing(isFirst: boolean, isLast: boolean): GPUComputePassDescriptor {
    if (!this.#timestamps || !(isFirst || isLast)) return {}
    return {
      timestampWrites: {
        querySet: this.#timestamps.set,
        ...(isFirst && { beginningOfPassWriteIndex: 0 }),
        ...(isLast && { endOfPassWriteIndex: 1 }),
      },
    }
  }
}

/** A float query has two parts; int8 queries beside it then have an empty second one. */
function partsOf(batch: readonly PlacedQuery[]): 1 | 2 {
  return batch.some(({ query }) => query.unrounded) ? 2 : 1
}

/** Writes come in whole words: the last rows of a mask that is not divisible by four are written padded. */
function writeMask(queue: GPUQueue, target: GPUBuffer, at: number, mask: Uint8Array): void {
  const whole = mask.length - (mask.length % 4)
  const source = mask as Uint8Array<ArrayBuffer>
  if (whole > 0) queue.writeBuffer(target, at, source, 0, whole)
  if (whole < mask.length) {
    const tail = new Uint8Array(4)
    tail.set(mask.subarray(whole))
    queue.writeBuffer(target, at + whole, tail)
  }
}
