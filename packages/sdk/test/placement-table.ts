/** Tables of any size and queries for them, the same every time. */
import type { Query, Table } from '@vitrine/kernels'

export const DIMENSION = 32

/** What golden histories search for. */
export const queries: readonly Query[] = Array.from({ length: 5 }, (_, at) => ({
  vector: Float32Array.from({ length: DIMENSION }, (_, j) => Math.cos((at + 1) * (j + 0.5))),
  k: 10,
}))

export function randomTable(count: number): Table {
  let state = 1
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0)
  return {
    count,
    dimension: DIMENSION,
    values: Int8Array.from({ length: count * DIMENSION }, () => next() >> 24),
    scales: Float32Array.from({ length: count }, () => 0.01 + (next() >>> 8) * 2 ** -40),
    bias: Float32Array.from({ length: count }, () => next() * 2 ** -32),
  }
}
