/** A table as it lies in a kernel's memory: read there by whoever needs a row, so that nobody else keeps a copy. */
import type { Table, TableRows } from './top-k.ts'

/** Bytes that are copied between two pauses. */
const PIECE_BYTES = 2 ** 21

/** The first `count` of the rows that `rowsNow` returns, which is asked anew for each use. */
export function firstRows(rowsNow: () => TableRows, count: number): TableRows {
  return {
    count,
    get dimension() {
      return rowsNow().dimension
    },
    get blockRows() {
      return rowsNow().blockRows
    },
    get values() {
      return rowsNow().values
    },
    get scales() {
      return rowsNow().scales
    },
    get bias() {
      return rowsNow().bias
    },
  }
}

/** Rows `from` to `to` as a table of their own, row-major, whose buffers can be transferred. */
export async function copyOut(
  rows: Table | TableRows,
  from = 0,
  to: number = rows.count,
  pause?: () => Promise<void>,
): Promise<Table> {
  const { dimension } = rows
  const blockRows = 'blockRows' in rows ? rows.blockRows : 1
  const values = new Int8Array((to - from) * dimension)
  const target = new Uint32Array(values.buffer)
  const rowsInPiece = Math.ceil(PIECE_BYTES / dimension)
  for (let first = from; first < to; first += rowsInPiece) {
    if (first > from) await pause?.()
    const last = Math.min(first + rowsInPiece, to)
    if (blockRows === 1) {
      values.set(rows.values.subarray(first * dimension, last * dimension), (first - from) * dimension)
      continue
    }
    const source = wordsOf(rows.values)
    let word = ((first - from) * dimension) >> 2
    for (let row = first; row < last; row++) {
      let at = firstWord(row, dimension, blockRows)
      for (const end = word + (dimension >> 2); word < end; at += blockRows) target[word++] = source[at]!
    }
  }
  return {
    count: to - from,
    dimension,
    values,
    scales: rows.scales.slice(from, to),
    ...(rows.bias && { bias: rows.bias.slice(from, to) }),
  }
}

/** Values four at a time. */
export function wordsOf({ buffer, byteOffset, length }: Int8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length >> 2)
}

/** Where a row begins, in words; its next four elements are `blockRows` words on. */
export function firstWord(row: number, dimension: number, blockRows: number): number {
  const inBlock = row % blockRows
  return ((row - inBlock) * dimension) / 4 + inBlock
}
