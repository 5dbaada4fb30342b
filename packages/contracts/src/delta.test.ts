/** Deltas: byte-exact whatever the tables, refused whatever is wrong with them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeltaStep, applyDelta, maxDeltaBytes, writeDelta } from './delta.ts'

const corrupt = expect.objectContaining({ code: 'ARTIFACT_CORRUPT' }) as unknown

/** Any old bytes, and any walk over them: kept with differences, inserted, skipped to and fro. */
const walks = fc.uint8Array({ minLength: 1, maxLength: 60 }).chain((from) =>
  fc.record({
    from: fc.constant(from),
    parts: fc.array(
      fc.nat(from.length).chain((start) =>
        fc.record({
          start: fc.constant(start),
          differences: fc.uint8Array({ maxLength: from.length - start }),
          insertions: fc.uint8Array({ maxLength: 9 }),
        }),
      ),
      { maxLength: 6 },
    ),
  }),
)

type Walk = typeof walks extends fc.Arbitrary<infer T> ? T : never

function deltaOf({ from, parts }: Walk): { delta: Uint8Array; to: Uint8Array } {
  const to: number[] = []
  const steps: DeltaStep[] = [{ add: 0, insert: 0, skip: parts[0]?.start ?? 0 }]
  for (const [index, { start, differences, insertions }] of parts.entries()) {
    to.push(...differences.map((difference, i) => from[start + i]! + difference), ...insertions)
    const end = start + differences.length
    steps.push({
      add: differences.length,
      insert: insertions.length,
      skip: (parts[index + 1]?.start ?? end) - end,
    })
  }
  const joined = (name: 'differences' | 'insertions') =>
    Uint8Array.from(parts.flatMap((part) => [...part[name]]))
  const sizes = { from: from.length, to: to.length }
  return {
    delta: writeDelta(sizes, steps, joined('differences'), joined('insertions')),
    to: Uint8Array.from(to),
  }
}

describe('applyDelta', () => {
  it('is byte-exact for any steps over any bytes', () => {
    fc.assert(
      fc.property(walks, (walk) => {
        const { delta, to } = deltaOf(walk)
        expect(applyDelta(walk.from, delta, to.length)).toEqual(to)
      }),
      { numRuns: 500 },
    )
  })

  it('differences count modulo 256, below zero and above', () => {
    const delta = writeDelta(
      { from: 2, to: 2 },
      [{ add: 2, insert: 0, skip: 0 }],
      Uint8Array.of(1, 255),
      Uint8Array.of(),
    )
    expect(applyDelta(Uint8Array.of(255, 0), delta, 2)).toEqual(Uint8Array.of(0, 255))
  })

  it('is refused on a base or for a result of another size', () => {
    fc.assert(
      fc.property(walks, fc.integer({ min: 1, max: 9 }), (walk, more) => {
        const { delta, to } = deltaOf(walk)
        const longer = new Uint8Array(walk.from.length + more)
        expect(() => applyDelta(longer, delta, to.length)).toThrow(corrupt)
        expect(() => applyDelta(walk.from, delta, to.length + more)).toThrow(corrupt)
      }),
    )
  })

  it('cut short or with bytes after its end is refused', () => {
    fc.assert(
      fc.property(walks, fc.nat(), (walk, seed) => {
        const { delta, to } = deltaOf(walk)
        const cut = delta.subarray(0, seed % delta.length)
        expect(() => applyDelta(walk.from, cut, to.length)).toThrow(corrupt)
        expect(() => applyDelta(walk.from, Uint8Array.of(...delta, 0), to.length)).toThrow(corrupt)
      }),
    )
  })

  it('with any byte changed gives bytes of the promised size, or is refused; it never does anything else', () => {
    fc.assert(
      fc.property(walks, fc.nat(), fc.integer({ min: 1, max: 255 }), (walk, at, by) => {
        const { delta, to } = deltaOf(walk)
        delta[at % delta.length]! ^= by
        try {
          expect(applyDelta(walk.from, delta, to.length)).toHaveLength(to.length)
        } catch (error) {
          expect(error).toEqual(corrupt)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('whose steps do not add up to the promised size is refused', () => {
    const steps = [{ add: 1, insert: 0, skip: 0 }]
    const delta = writeDelta({ from: 2, to: 2 }, steps, Uint8Array.of(1), Uint8Array.of())
    expect(() => applyDelta(Uint8Array.of(1, 2), delta, 2)).toThrow(corrupt)
  })

  it('that counts four thousand million steps is refused before anything is allocated', () => {
    const { delta, to } = deltaOf({ from: Uint8Array.of(1), parts: [] })
    new DataView(delta.buffer).setUint32(16, 0xffff_ffff, true)
    expect(() => applyDelta(Uint8Array.of(1), delta, to.length)).toThrow(corrupt)
  })
})

it('a delta may inflate to about twice its result', () => {
  expect(maxDeltaBytes(0)).toBe(4096)
  expect(maxDeltaBytes(1_000_000)).toBe(2_004_096)
})
