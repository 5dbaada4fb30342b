/** What every device must do, checked against a sort of all scores; run by each device in Node and in browsers. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkTable } from '../src/table.ts'
import type { TableShape } from '../src/table.ts'
import type { Query, Table, TopK } from '../src/top-k.ts'
import { anyQuery, anyTable, fitQuery, largeTable } from './arbitraries.ts'
import { reference, rowsOf } from './reference.ts'
import type { ScoredRow } from './reference.ts'
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
  const found = async (table: Table, query: Query): Promise<ScoredRow[]> => {
    const topK = await create(table, checkTable(table))
    try {
      return rowsOf(await topK.search(query))
    } finally {
      topK.dispose()
    }
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
              for (const query of queries)
                expect(rowsOf(await topK.search(query))).toEqual(reference(table, query))
              const together = await topK.searchMany(queries)
              expect(together.map(rowsOf)).toEqual(queries.map((query) => reference(table, query)))
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
          const all = { ...query, k: 5003, mask: everyNth(5003, 1) }
          expect(await found(table, query)).toEqual(reference(table, query))
          expect(await found(table, all)).toEqual(reference(table, all))
        }
      },
      60_000,
    )

    test('a large table gives the reference’s bits in whatever order its rows are', async () => {
      await fc.assert(
        fc.asyncProperty(largeTable, anyQuery, fc.integer({ min: 1, max: 40 }), async (table, draft, k) => {
          const query = { ...fitQuery(draft, table), k }
          expect(await found(table, query)).toEqual(reference(table, query))
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
        const query = { vector, k: 1 + (seed % 5), rescore: true }
        expect(await found(table, query)).toEqual(reference(table, query))
      }
    }, 60_000)

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
        for (const rescore of [false, true]) {
          const query = { vector, k: 7, rescore }
          expect(await found(table, query)).toEqual(reference(table, query))
        }
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
      const query = { vector: new Float32Array(16).fill(1), k: 40 }
      expect(await found(table, query)).toEqual(reference(table, query))
    })

    test('the bias counts as often as its weight says', async () => {
      const table = { ...normalTable(200, 32, 5), bias: normals(200, 6) }
      for (const biasWeight of [undefined, 0, 1, -2.5, 1e-3]) {
        const query = {
          vector: normals(32, 7),
          k: 10,
          ...(biasWeight !== undefined && { biasWeight }),
        }
        expect(await found(table, query)).toEqual(reference(table, query))
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

    test('tables of one row, and of one more or less than a block, under masks that leave any number of rows', async () => {
      for (const count of [1, 2, 15, 16, 17, 33]) {
        const table = { ...normalTable(count, 16, count), bias: new Float32Array(count).fill(count % 2) }
        const queries: Query[] = []
        for (const left of new Set([0, 1, count >> 1, count - 1, count])) {
          const random = generator(left)
          // Some rows, not the first ones: the mask leaves `left` of them.
          const places = Array.from({ length: count }, (_, row) => ({ row, at: random() }))
          places.sort((a, b) => a.at - b.at)
          const mask = new Uint8Array(count).fill(7)
          for (const { row } of places.slice(0, left)) mask[row] = 0
          for (const k of [1, Math.max(1, left), left + 1, count + 1, 24]) {
            for (const rescore of [false, true]) queries.push({ vector: normals(16, k), k, mask, rescore })
          }
        }
        await withTable(table, async (topK) => {
          const results = await topK.searchMany(queries)
          expect(results.map(rowsOf)).toEqual(queries.map((query) => reference(table, query)))
        })
      }
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
        expect(results.map(rowsOf)).toEqual(queries.map((query) => reference(original, query)))
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

/** Masks every nth row out. */
function everyNth(count: number, n: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, row) => (n > 1 && row % n === 0 ? 1 : 0))
}
