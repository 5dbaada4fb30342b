/** What every device must do, checked against a sort of all scores; run by each device in Node and in browsers. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkTable } from '../src/table.ts'
import type { TableShape } from '../src/table.ts'
import type { Query, Table, TopK, TopKResult } from '../src/top-k.ts'
import { generator, normalTable, normals } from './tables.ts'

/** Makes the device under test. */
export type CreateDevice = (table: Table, shape: TableShape) => TopK | Promise<TopK>

/** Registers the suite for one device. `cases` is how many random tables are searched. */
export function conformance(name: string, create: CreateDevice, cases = 1500): void {
  const withTable = async (table: Table, use: (topK: TopK) => Promise<void>): Promise<void> => {
    const topK = await create(table, checkTable(table))
    try {
      await use(topK)
    } finally {
      topK.dispose()
    }
  }
  const agrees = async (table: Table, query: Query): Promise<void> => {
    await withTable(table, async (topK) => expectSame(await topK.search(query), reference(table, query)))
  }

  describe(`${name} conforms`, () => {
    test(`random tables and queries give the reference's bits (${cases} cases)`, async () => {
      await fc.assert(
        fc.asyncProperty(
          anyTable,
          fc.array(anyQuery, { minLength: 1, maxLength: 4 }),
          async (table, drafts) => {
            const queries = drafts.map((draft) => fitQuery(draft, table))
            await withTable(table, async (topK) => {
              for (const query of queries) expectSame(await topK.search(query), reference(table, query))
              const together = await topK.searchMany(queries)
              queries.forEach((query, at) => expectSame(together[at]!, reference(table, query)))
            })
          },
        ),
        { numRuns: cases },
      )
    }, 120_000)

    test.each([32, 64, 128, 192])(
      'a larger table of dimension %i gives the reference’s bits',
      async (dimension) => {
        for (const [seed, rescore] of [
          [1, false],
          [2, true],
        ] as const) {
          const table = normalTable(5003, dimension, seed)
          const query = { vector: normals(dimension, seed + 9), k: 24, rescore, mask: everyNth(5003, 3) }
          await agrees(table, query)
          await agrees(table, { ...query, k: 5003, mask: everyNth(5003, 1) })
        }
      },
    )

    test('a large table gives the reference’s bits in whatever order its rows are', async () => {
      await fc.assert(
        fc.asyncProperty(largeTable, anyQuery, fc.integer({ min: 1, max: 40 }), async (table, draft, k) => {
          await agrees(table, { ...fitQuery(draft, table), k })
        }),
        { numRuns: Math.ceil(cases / 25) },
      )
    }, 120_000)

    test('a rescored search finds rows that only the rounded-off part of the query lifts', async () => {
      for (let seed = 0; seed < 100; seed++) {
        const random = generator(seed)
        // One large element sets the scale; no row has anything there. The rest is all rounding.
        const vector = Float32Array.from({ length: 32 }, (_, j) =>
          j === 0 ? 127 : random() < 0.5 ? 1.49 : -0.49,
        )
        const values = Int8Array.from({ length: 90 * 32 }, (_, at) => {
          const alongQuery = random() < Math.floor(at / 32) / 90
          if (at % 32 === 0) return 0
          return alongQuery === vector[at % 32]! > 0 ? 127 : -128
        })
        const table: Table = { count: 90, dimension: 32, values, scales: new Float32Array(90).fill(1) }
        await agrees(table, { vector, k: 1 + (seed % 5), rescore: true })
      }
    })

    test('values at the ends of int8 do not overflow', async () => {
      for (const [row, element] of [
        [-128, 1],
        [-128, -1],
        [127, 1],
        [127, -1],
      ] as const) {
        const table: Table = {
          count: 33,
          dimension: 1024,
          values: new Int8Array(33 * 1024).fill(row),
          scales: Float32Array.from({ length: 33 }, (_, at) => 1 + (at % 5)),
        }
        const vector = new Float32Array(1024).fill(element)
        await agrees(table, { vector, k: 7 })
        await agrees(table, { vector, k: 7, rescore: true })
      }
    })

    test('equal scores come back by rising index', async () => {
      const table: Table = {
        count: 100,
        dimension: 16,
        values: new Int8Array(1600).fill(3),
        scales: new Float32Array(100).fill(0.5),
      }
      await withTable(table, async (topK) => {
        const { indices } = await topK.search({
          vector: new Float32Array(16).fill(1),
          k: 20,
          mask: everyNth(100, 2),
        })
        expect([...indices]).toEqual(Array.from({ length: 20 }, (_, at) => 2 * at + 1))
      })
    })

    test('zero and minus zero are equal, and zero is what comes back', async () => {
      const values = new Int8Array(4 * 16)
      values.fill(-1, 0, 16)
      const table: Table = {
        count: 4,
        dimension: 16,
        values,
        scales: new Float32Array(4),
        bias: Float32Array.of(-0, -0, 0, -0),
      }
      await withTable(table, async (topK) => {
        for (const biasWeight of [1, -1, 0]) {
          const { indices, scores } = await topK.search({
            vector: new Float32Array(16).fill(1),
            k: 4,
            biasWeight,
          })
          expect([...indices]).toEqual([0, 1, 2, 3])
          for (const score of scores) expect(score).toBe(0)
        }
      })
    })

    test('rows that are padding inside a kernel never come back, even when every score is negative', async () => {
      const table: Table = {
        count: 17,
        dimension: 16,
        values: new Int8Array(17 * 16).fill(-5),
        scales: new Float32Array(17).fill(1),
      }
      await agrees(table, { vector: new Float32Array(16).fill(1), k: 40 })
    })

    test('the bias counts as often as its weight says', async () => {
      const table = { ...normalTable(200, 32, 5), bias: normals(200, 6) }
      for (const biasWeight of [undefined, 0, 1, -2.5, 1e-3]) {
        await agrees(table, {
          vector: normals(32, 7),
          k: 10,
          ...(biasWeight !== undefined && { biasWeight }),
        })
      }
    })

    test('a vector of zeros ranks by bias, then by index', async () => {
      const table: Table = {
        ...normalTable(40, 16, 1),
        bias: Float32Array.from({ length: 40 }, (_, at) => at % 4),
      }
      await withTable(table, async (topK) => {
        for (const rescore of [false, true]) {
          const { indices } = await topK.search({ vector: new Float32Array(16), k: 3, rescore })
          expect([...indices]).toEqual([3, 7, 11])
        }
      })
    })

    test('fewer rows than k come back only when fewer are allowed', async () => {
      const table = normalTable(50, 16, 3)
      const mask = new Uint8Array(50).fill(255)
      await withTable(table, async (topK) => {
        const vector = normals(16, 4)
        expect((await topK.search({ vector, k: 5, mask })).indices).toHaveLength(0)
        mask[49] = 0
        expect([...(await topK.search({ vector, k: 5, mask })).indices]).toEqual([49])
        expect((await topK.search({ vector, k: 1e9 })).indices).toHaveLength(50)
      })
    })

    test('a table of no rows gives an empty list', async () => {
      const table: Table = { count: 0, dimension: 16, values: new Int8Array(0), scales: new Float32Array(0) }
      await withTable(table, async (topK) => {
        expect((await topK.search({ vector: normals(16, 1), k: 3 })).indices).toHaveLength(0)
      })
    })

    test('malformed queries are refused with a RangeError', async () => {
      await withTable({ ...normalTable(20, 16, 1), bias: new Float32Array(20).fill(1) }, async (topK) => {
        const vector = normals(16, 2)
        const spoilt = (value: number): Float32Array =>
          Float32Array.from(vector, (x, j) => (j === 9 ? value : x))
        const bad: Query[] = [
          { vector: spoilt(NaN), k: 3 },
          { vector: spoilt(Infinity), k: 3 },
          { vector: spoilt(-Infinity), k: 3 },
          { vector: new Float32Array(15), k: 3 },
          { vector: new Float32Array(32), k: 3 },
          { vector, k: 0 },
          { vector, k: -1 },
          { vector, k: 1.5 },
          { vector, k: NaN },
          { vector, k: 3, biasWeight: NaN },
          { vector, k: 3, biasWeight: Infinity },
          { vector, k: 3, biasWeight: 1e39 },
          { vector, k: 3, mask: new Uint8Array(19) },
          { vector: spoilt(3e38), k: 3 },
        ]
        for (const query of bad) {
          await expect(topK.search(query)).rejects.toThrow(RangeError)
          await expect(topK.searchMany([{ vector, k: 1 }, query])).rejects.toThrow(RangeError)
        }
        expect(await topK.searchMany([])).toEqual([])
      })
    })

    test('the table is a copy, and results are not overwritten by later searches', async () => {
      const table = normalTable(64, 16, 8)
      const original = { ...table, values: table.values.slice(), scales: table.scales.slice() }
      await withTable(table, async (topK) => {
        table.values.fill(0)
        table.scales.fill(0)
        const queries = Array.from({ length: 20 }, (_, at) => ({ vector: normals(16, at), k: 1 + at * 3 }))
        const results = await Promise.all(queries.map((query) => topK.search(query)))
        results.forEach((result, at) => expectSame(result, reference(original, queries[at]!)))
      })
    })

    test('a disposed table holds no memory and refuses searches', async () => {
      const table = normalTable(64, 16, 8)
      const topK = await create(table, checkTable(table))
      expect(topK.bytes).toBeGreaterThanOrEqual(64 * 20)
      topK.dispose()
      topK.dispose()
      expect(topK.bytes).toBe(0)
      await expect(topK.search({ vector: normals(16, 1), k: 1 })).rejects.toThrow(/disposed/)
    })
  })
}

/** The definition, with nothing clever: score every allowed row, sort, cut. */
export function reference(table: Table, query: Query): TopKResult {
  const { fround, abs, max, round } = Math
  const { dimension, count } = table
  let queryScale = fround(max(...query.vector.map(abs)) / 127)
  if (queryScale < 2 ** -126) queryScale = 0
  const divided = Array.from(query.vector, (x) => (queryScale === 0 ? 0 : x / queryScale))
  const rows: { index: number; score: number }[] = []
  for (let index = 0; index < count; index++) {
    if (query.mask && query.mask[index] !== 0) continue
    const sums = [0, 0, 0, 0]
    for (let j = 0; j < dimension; j++) {
      sums[j % 4]! +=
        table.values[index * dimension + j]! * (query.rescore ? divided[j]! : round(divided[j]!))
    }
    const dot = fround(sums[0]! + sums[1]! + (sums[2]! + sums[3]!))
    const product = fround(fround(queryScale * table.scales[index]!) * dot)
    const bias = fround(fround(query.biasWeight ?? 1) * (table.bias?.[index] ?? 0))
    rows.push({ index, score: fround(product + bias) })
  }
  rows.sort((a, b) => b.score - a.score || a.index - b.index)
  const best = rows.slice(0, query.k)
  return {
    indices: Uint32Array.from(best, (row) => row.index),
    scores: Float32Array.from(best, (row) => row.score),
  }
}

function expectSame(actual: TopKResult, expected: TopKResult): void {
  expect([...actual.indices]).toEqual([...expected.indices])
  // `toEqual` tells -0 from 0; the definition does not allow -0.
  expect([...actual.scores]).toEqual(Array.from(expected.scores, (score) => score + 0))
}

const floats = (largest: number): fc.Arbitrary<number> =>
  fc.float({ min: Math.fround(-largest), max: Math.fround(largest), noNaN: true })

/** Few distinct values now and then, so that ties are common. */
const anyTable: fc.Arbitrary<Table> = fc
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
    return {
      count,
      dimension,
      values: Int8Array.from({ length: count * dimension }, value),
      scales: Float32Array.from({ length: count }, () => low + random() * (high - low)),
      ...(biasRange !== undefined && {
        bias: Float32Array.from({ length: count }, () => (random() - 0.5) * biasRange),
      }),
    }
  })

/** Thousands of rows whose best come first, last or anywhere, with many ties. */
const largeTable: fc.Arbitrary<Table> = fc
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

interface QueryDraft {
  elements: number[]
  k: number
  seed: number
  masked: number | undefined
  biasWeight: number | undefined
  rescore: boolean
}

const anyQuery: fc.Arbitrary<QueryDraft> = fc.record({
  elements: fc
    .constantFrom(1, 1e-3, 1e10, 1e-37, 1e-44)
    .chain((largest) => fc.array(floats(largest), { minLength: 1, maxLength: 128 })),
  k: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.constantFrom(1, 24, 1000)),
  seed: fc.integer(),
  masked: fc.constantFrom(undefined, 0, 0.3, 0.9, 1),
  biasWeight: fc.oneof(fc.constantFrom(undefined, 0, 1, -0), floats(10)),
  rescore: fc.boolean(),
})

function fitQuery(
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

/** Masks every nth row out. */
function everyNth(count: number, n: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, row) => (n > 1 && row % n === 0 ? 1 : 0))
}
