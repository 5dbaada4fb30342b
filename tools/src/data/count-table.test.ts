import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CountTable } from './count-table.ts'

const keys = fc.array(
  fc.oneof(fc.nat(40), fc.maxSafeInteger().map(Math.abs), fc.constantFrom(0, 2 ** 32, 2 ** 53 - 1)),
)

describe('a table of counts', () => {
  it('counts as a Map does, keys rising, again and again', () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 3 }), (rounds) => {
        const table = new CountTable(500)
        for (const round of rounds) {
          const counts = new Map<number, number>()
          for (const key of round) {
            table.add(key)
            counts.set(key, (counts.get(key) ?? 0) + 1)
          }
          expect([...table.sorted()]).toEqual([...counts].toSorted(([a], [b]) => a - b).flat())
          expect(table.isFull).toBe(false)
          table.clear()
        }
      }),
    )
  })

  it('says when it is full, and takes a few more', () => {
    const table = new CountTable(100)
    for (let key = 0; key < 99; key++) table.add(1000 * key)
    expect(table.isFull).toBe(false)
    for (let key = 99; key < 120; key++) table.add(1000 * key)
    expect(table.isFull).toBe(true)
    expect(table.sorted()).toHaveLength(240)
  })
})
