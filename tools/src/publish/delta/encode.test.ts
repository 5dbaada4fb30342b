/** Deltas of tables and of anything else: byte-exact, and small where little changed. */
import fc from 'fast-check'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { applyDelta } from '@vitrine/contracts'
import { alignedDelta } from './aligned.ts'
import { encodeDelta } from './encode.ts'
import { matchedDelta } from './matched.ts'
import { followRows, rowDelta } from './rows.ts'

const bytes = fc.uint8Array({ maxLength: 400 })
/** Bytes with many repetitions, as tables and JSON have. */
const few = fc.array(fc.nat(2), { maxLength: 400 }).map((values) => Uint8Array.from(values))
/** Pieces of one text in another order, with others in between. */
const shuffled = fc
  .array(fc.uint8Array({ minLength: 10, maxLength: 60 }), { minLength: 1, maxLength: 8 })
  .chain((pieces) =>
    fc
      .tuple(fc.constant(pieces), fc.array(fc.nat(pieces.length - 1), { maxLength: 10 }), bytes)
      .map(([all, order, between]): [Uint8Array, Uint8Array] => [
        Uint8Array.from(all.flatMap((piece) => [...piece])),
        Uint8Array.from(order.flatMap((place) => [...all[place]!, ...between.subarray(0, 5)])),
      ]),
  )

type Encode = (from: Uint8Array, to: Uint8Array) => Uint8Array

it.each<[string, Encode]>([
  ['aligned', alignedDelta],
  ['matched', matchedDelta],
])('a delta by the %s way is byte-exact between any two files', (_, encode) => {
  for (const pairs of [fc.tuple(bytes, bytes), fc.tuple(few, few), shuffled]) {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        expect(Buffer.compare(applyDelta(from, encode(from, to), to.length), to)).toBe(0)
      }),
    )
  }
})

/** Tables of items whose rows were added, removed, moved and changed. */
const tables = fc
  .record({
    header: fc.nat(20),
    widths: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
    oldIds: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }),
    newIds: fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }),
    seed: fc.nat(),
  })
  .map(({ header, widths, oldIds, newIds, seed }) => {
    const table = (count: number, shift: number): Uint8Array =>
      Uint8Array.from(
        { length: header + count * widths.reduce((sum, width) => sum + width, 0) },
        (_, i) => (Math.imul(i + shift, 2_654_435_761) >>> 11) % 256,
      )
    return {
      layout: { header, widths },
      oldIds: oldIds.map(String),
      newIds: newIds.map(String),
      from: table(oldIds.length, seed),
      to: table(newIds.length, seed >> 1),
    }
  })

it('a delta by rows is byte-exact whatever rows were added, removed, moved or changed', () => {
  fc.assert(
    fc.property(tables, ({ layout, oldIds, newIds, from, to }) => {
      const oldRows = followRows(oldIds, newIds)
      const delta = rowDelta(from, to, layout, { oldRows, oldCount: oldIds.length })
      expect(applyDelta(from, delta, to.length)).toEqual(to)
    }),
    { numRuns: 500 },
  )
})

function noise(i: number, seed: number): number {
  return (Math.imul(i * 2 + seed, 2_654_435_761) >>> 9) & 255
}

function catalogue(titles: string[]): Uint8Array {
  return Buffer.from(JSON.stringify({ version: 1, titles }))
}

describe('encodeDelta', () => {
  const rows = 4096
  const width = 64
  const table = Uint8Array.from({ length: rows * width }, (_, i) => noise(i, 1))

  /** `table` with every `step`th row moved a little, as training that goes on moves it. */
  function changed(step: number): Uint8Array {
    const to = table.slice()
    for (let row = 0; row < rows; row += step) {
      for (let i = 0; i < width; i++) to[row * width + i]! += (noise(row * width + i, 7) % 7) - 3
    }
    return to
  }

  it('of a table with one row in a hundred changed is below a twentieth of it', () => {
    const delta = encodeDelta(table, changed(100))
    expect(delta.length).toBeLessThan(table.length / 20)
    expect(applyDelta(table, gunzipSync(delta), table.length)).toEqual(changed(100))
  })

  it('of a table with rows added and removed pays for those rows alone', () => {
    const ids = Array.from({ length: rows }, (_, row) => String(row))
    const kept = ids.filter((_, row) => row % 100 !== 0)
    const newIds = [...kept.slice(0, 2000), 'new', ...kept.slice(2000)]
    const to = new Uint8Array(newIds.length * width)
    for (const [row, id] of newIds.entries()) {
      if (id === 'new') to.fill(9, row * width, (row + 1) * width)
      else to.set(table.subarray(Number(id) * width, (Number(id) + 1) * width), row * width)
    }
    const delta = encodeDelta(table, to, {
      layout: { header: 0, widths: [width] },
      oldRows: followRows(ids, newIds),
      oldCount: rows,
    })
    expect(delta.length).toBeLessThan(1000)
    expect(Buffer.compare(applyDelta(table, gunzipSync(delta), to.length), to)).toBe(0)
  })

  it('of a JSON file with a word put in front pays for that word alone', () => {
    const titles = Array.from({ length: 2000 }, (_, i) => `Mug number ${i * 7919}`)
    const delta = encodeDelta(catalogue(titles), catalogue(['Teapot', ...titles]))
    expect(delta.length).toBeLessThan(200)
  })
})
