/** A table in a GPU's memory: in parts, because a device binds no more than so many bytes at once. */
import { firstWord, wordsOf } from '../rows.ts'
import type { TableShape } from '../table.ts'
import type { TableRows } from '../top-k.ts'
import { USAGE } from './buffers.ts'
import type { Gpu } from './gpu.ts'
import type { Pipelines } from './pipelines.ts'
import { BATCH_QUERIES, BLOCK_ROWS } from './shaders.ts'

/** Bytes that are rearranged and uploaded at a time. */
const SLICE_BYTES = 2 ** 22
/** Elements of a vector that a thread reads at once, and the words they are. */
const QUAD = 16
const QUAD_WORDS = 4

/** Some rows of a table. */
export interface TablePart {
  readonly rows: number
  readonly group: GPUBindGroup
  /** Bytes of the GPU's memory. */
  readonly bytes: number
  destroy(): void
}

/**
 * Makes room for a table, and returns what writes it there: a slice at a time, so that no second copy of the table
 * exists, `pause` awaited in between. Whether the device had the memory is told by its error scopes.
 */
export function allocateTable(
  gpu: Gpu,
  pipelines: Pipelines,
  rows: TableRows,
  shape: TableShape,
): { parts: TablePart[]; write: (pause?: () => Promise<void>) => Promise<void> } {
  const { count, dimension } = shape
  const rowsInPart = Math.floor(gpu.bindingBytes / dimension / BLOCK_ROWS) * BLOCK_ROWS
  if (rowsInPart === 0) {
    throw new Error(
      `${BLOCK_ROWS} rows of ${dimension} bytes exceed the ${gpu.bindingBytes} bytes that can be bound.`,
    )
  }
  const parts: TablePart[] = []
  const writes: ((pause?: () => Promise<void>) => Promise<void>)[] = []
  for (let first = 0; first < count; first += rowsInPart) {
    const { part, write } = allocatePart(
      gpu,
      pipelines,
      rows,
      shape,
      first,
      Math.min(rowsInPart, count - first),
    )
    parts.push(part)
    writes.push(write)
  }
  return {
    parts,
    async write(pause) {
      for (const write of writes) await write(pause)
    },
  }
}

function allocatePart(
  { device }: Gpu,
  { partLayout }: Pipelines,
  table: TableRows,
  shape: TableShape,
  first: number,
  rows: number,
): { part: TablePart; write: (pause?: () => Promise<void>) => Promise<void> } {
  const { dimension } = shape
  const stride = Math.ceil(rows / BLOCK_ROWS) * BLOCK_ROWS
  const created: GPUBuffer[] = []
  const create = (size: number, usage: number): GPUBuffer => {
    const buffer = device.createBuffer({ size, usage: usage | USAGE.copyTarget })
    created.push(buffer)
    return buffer
  }
  const values = create(stride * dimension, USAGE.storage)
  const factors = create(stride * 8, USAGE.storage)
  const keys = create(stride * 4 * BATCH_QUERIES, USAGE.storage)
  const extent = create(16, USAGE.uniform)
  device.queue.writeBuffer(extent, 0, Uint32Array.of(first, rows, stride, dimension / QUAD))
  const group = device.createBindGroup({
    layout: partLayout,
    entries: [values, factors, keys, extent].map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  const part = {
    rows,
    group,
    bytes: created.reduce((sum, { size }) => sum + size, 0),
    destroy: () => {
      for (const buffer of created) buffer.destroy()
    },
  }
  return {
    part,
    async write(pause) {
      device.queue.writeBuffer(factors, 0, factorsOf(table, shape, first, rows))
      await writeValues(device, values, table, first, rows, pause)
    },
  }
}

/** Rows in blocks, as `shaders.ts` reads them. */
async function writeValues(
  device: GPUDevice,
  target: GPUBuffer,
  table: TableRows,
  first: number,
  rows: number,
  pause: (() => Promise<void>) | undefined,
): Promise<void> {
  const { dimension, blockRows } = table
  const quads = dimension / QUAD
  const rowsInSlice = Math.max(1, Math.floor(SLICE_BYTES / dimension / BLOCK_ROWS)) * BLOCK_ROWS
  const slice = new Uint32Array(
    (Math.min(rowsInSlice, Math.ceil(rows / BLOCK_ROWS) * BLOCK_ROWS) * dimension) / 4,
  )
  for (let sliceStart = 0; sliceStart < rows; sliceStart += rowsInSlice) {
    if (first + sliceStart > 0) await pause?.()
    const source = wordsOf(table.values)
    const rowsHere = Math.min(rowsInSlice, rows - sliceStart)
    for (let row = 0; row < rowsHere; row++) {
      let from = firstWord(first + sliceStart + row, dimension, blockRows)
      const inBlock = row % BLOCK_ROWS
      let to = ((row - inBlock) * quads + inBlock) * QUAD_WORDS
      for (let quad = 0; quad < quads; quad++) {
        for (let word = 0; word < QUAD_WORDS; word++) {
          slice[to + word] = source[from]!
          from += blockRows
        }
        to += BLOCK_ROWS * QUAD_WORDS
      }
    }
    const words = (Math.ceil(rowsHere / BLOCK_ROWS) * BLOCK_ROWS * dimension) / 4
    device.queue.writeBuffer(target, sliceStart * dimension, slice, 0, words)
  }
}

/** `[rows, 2]`: scale and bias relative to the table's largest, so that no product of theirs overflows. */
function factorsOf(
  { scales, bias }: TableRows,
  { largestScale, largestBias }: TableShape,
  first: number,
  rows: number,
): Float32Array<ArrayBuffer> {
  const factors = new Float32Array(rows * 2)
  for (let row = 0; row < rows; row++) {
    if (largestScale > 0) factors[2 * row] = scales[first + row]! / largestScale
    if (bias && largestBias > 0) factors[2 * row + 1] = bias[first + row]! / largestBias
  }
  return factors
}
