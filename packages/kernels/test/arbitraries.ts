/** Random tables and queries for property tests, edge values included. */
import fc from 'fast-check'
import type { Query, Table } from '../src/top-k.ts'
import { generator } from './tables.ts'

const floats = (largest: number): fc.Arbitrary<number> =>
  fc.float({ min: Math.fround(-largest), max: Math.fround(largest), noNaN: true })

/** Small tables. Few distinct values now and then, so that ties are common. */
export const anyTable: fc.Arbitrary<Table> = fc
  .record({
    count: fc.integer({ min: 1, max: 70 }),
    dimension: fc.constantFrom(16, 32, 48, 64, 128),
    seed: fc.integer(),
    kind: fc.constantFrom('full', 'few', 'extreme', 'zero'),
    scaleRange: fc.constantFrom([1, 1], [1e-3, 2], [0, 1e-40], [0, 1e20]),
    biasRange: fc.constantFrom(undefined, 0, 1, 1e4, 1e-42),
  })
  .map(({ count, dimension, seed, kind, scaleRange, biasRange }) => {
    const random = generator(seed)
    const value = {
      full: () => Math.floor(random() * 256) - 128,
      few: () => Math.floor(random() * 3) - 1,
      extreme: () => (random() < 0.5 ? -128 : 127),
      zero: () => 0,
    }[kind]
    const [low, high] = scaleRange as [number, number]
    const table: Table = {
      count,
      dimension,
      values: Int8Array.from({ length: count * dimension }, value),
      scales: Float32Array.from({ length: count }, () => low + random() * (high - low)),
    }
    if (biasRange !== undefined) {
      table.bias = Float32Array.from({ length: count }, () => (random() - 0.5) * biasRange)
    }
    return table
  })

/** Thousands of rows whose best come first, last or anywhere, with many ties. */
export const largeTable: fc.Arbitrary<Table> = fc
  .record({
    count: fc.integer({ min: 4000, max: 14_000 }),
    order: fc.constantFrom('rising', 'falling', 'random', 'flat'),
    steps: fc.constantFrom(3, 100, 1e6),
    seed: fc.integer(),
  })
  .map(({ count, order, steps, seed }) => {
    const random = generator(seed)
    const height = {
      rising: (at: number) => at / count,
      falling: (at: number) => 1 - at / count,
      random,
      flat: () => 0,
    }
    return {
      count,
      dimension: 16,
      values: Int8Array.from({ length: count * 16 }, () => Math.floor(random() * 3) - 1),
      scales: new Float32Array(count).fill(0.1),
      bias: Float32Array.from(
        { length: count },
        (_, row) => Math.floor(height[order](row) * steps) - steps / 2,
      ),
    }
  })

/** A query for a table yet unknown. */
export interface QueryDraft {
  elements: number[]
  k: number
  seed: number
  masked: number | undefined
  biasWeight: number | undefined
  rescore: boolean
}

export const anyQuery: fc.Arbitrary<QueryDraft> = fc.record({
  elements: fc
    .constantFrom(1, 1e-3, 1e10, 1e-37, 1e-44)
    .chain((largest) => fc.array(floats(largest), { minLength: 1, maxLength: 128 })),
  k: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.constantFrom(1, 24, 1000)),
  seed: fc.integer(),
  masked: fc.constantFrom(undefined, 0, 0.3, 0.9, 1),
  biasWeight: fc.oneof(fc.constantFrom(undefined, 0, 1, -0), floats(10)),
  rescore: fc.boolean(),
})

/** A query as long as the table is wide, with a mask as long as the table is high. */
export function fitQuery(
  { elements, k, seed, masked, biasWeight, rescore }: QueryDraft,
  { count, dimension }: Table,
): Query {
  const random = generator(seed)
  return {
    vector: Float32Array.from({ length: dimension }, (_, j) => elements[j % elements.length]!),
    k,
    rescore,
    ...(masked !== undefined && {
      mask: Uint8Array.from({ length: count }, () =>
        random() < masked ? 1 + Math.floor(random() * 255) : 0,
      ),
    }),
    ...(biasWeight !== undefined && { biasWeight }),
  }
}
