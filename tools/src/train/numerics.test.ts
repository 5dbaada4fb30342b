import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVENT_TYPES, type EventType } from '@vitrine/contracts'
import { quantizeCompanded, quantizeLevels, quantizeRows } from '../quantize/int8.ts'
import { type GraphRecipe, buildGraph } from './build-graph.ts'
import { embed, factorize } from './factorize.ts'
import { countPairs, listPairs } from './pairs.ts'
import { createRandom } from './random.ts'
import { type Sessions, casesOf, historyOf, sliceSessions, targetOf } from './sessions.ts'

const ITEMS = 12
const sessionsOf = (lists: readonly (readonly number[])[]): Sessions => {
  const offsets = new Uint32Array(lists.length + 1)
  for (const [s, list] of lists.entries()) offsets[s + 1] = offsets[s]! + list.length
  return { offsets, items: Uint32Array.from(lists.flat()) }
}
const lists = fc.array(fc.array(fc.nat(ITEMS - 1), { maxLength: 15 }), { minLength: 1, maxLength: 12 })
const settings = fc.record({
  ageDecay: fc.constantFrom(0, 1.5),
  lengthExponent: fc.constantFrom(0, 0.5),
  distanceDecay: fc.constantFrom(0.5, 1),
  backward: fc.constantFrom(0, 0.4, 1),
  cart: fc.constantFrom(1, 3),
  purchase: fc.constantFrom(1, 0.5),
})
/** What was done with an item, the same thing in every session: a look, put into the cart, bought. */
const deedOf = (item: number): EventType => (['view', 'add_to_cart', 'purchase'] as const)[item % 3]!

function worthOf(item: number, { cart = 1, purchase = 1 }: GraphRecipe): number {
  return [1, cart, purchase][item % 3]!
}

/** G[a, b] straight from the recipe, over all pairs. */
function naiveGraph(sessions: readonly (readonly number[])[], recipe: GraphRecipe): number[][] {
  const square = (): number[][] => Array.from({ length: ITEMS }, () => Array.from({ length: ITEMS }, () => 0))
  const forward = square()
  const backwards = square()
  const occurrences = Array.from({ length: ITEMS }, () => 0)
  for (const [s, session] of sessions.entries()) {
    const age = (sessions.length - 1 - s) / Math.max(1, sessions.length - 1)
    const weight = Math.exp(-recipe.ageDecay * age)
    for (let p = 0; p < session.length; p++) {
      occurrences[session[p]!]! += weight
      for (let q = p + 1; q < session.length && q - p <= 10; q++) {
        const [a, b] = [session[p]!, session[q]!]
        const count = weight * session.length ** -recipe.lengthExponent * recipe.distanceDecay ** (q - p - 1)
        forward[a]![b]! += count * worthOf(b, recipe)
        backwards[b]![a]! += count * worthOf(a, recipe)
      }
    }
  }
  return forward.map((row, a) =>
    row.map(
      (count, b) =>
        (count + recipe.backward * backwards[a]![b]!) *
        (occurrences[a]! + recipe.smoothing) ** -recipe.rowExponent *
        (occurrences[b]! + recipe.smoothing) ** -recipe.columnExponent,
    ),
  )
}

describe('the graph', () => {
  it('has the weights of the recipe, the largest of each row', () => {
    fc.assert(
      fc.property(lists, settings, fc.integer({ min: 1, max: ITEMS }), (drawn, pairSettings, most) => {
        const recipe: GraphRecipe = {
          ...pairSettings,
          smoothing: 2,
          rowExponent: 0.6,
          columnExponent: 0.3,
          window: 10,
          decay: 0.5,
          selfWeight: 0,
        }
        const sessions = sessionsOf(drawn)
        const types = Uint8Array.from(sessions.items, (item) => EVENT_TYPES.indexOf(deedOf(item)))
        const pairs = listPairs({ ...sessions, types }, ITEMS)
        const graph = buildGraph(countPairs(pairs, recipe), recipe, most)
        const expected = naiveGraph(drawn, recipe)
        for (let a = 0; a < ITEMS; a++) {
          const row = Array.from(graph.weights.subarray(graph.offsets[a], graph.offsets[a + 1]))
          const best = expected[a]!.filter((weight) => weight > 0).toSorted((x, y) => y - x)
          const found = row.filter((weight) => weight > 0).toSorted((x, y) => y - x)
          expect(found).toHaveLength(Math.min(most, best.length))
          for (const [i, weight] of found.entries()) expect(weight).toBeCloseTo(best[i]!, 4)
          for (let edge = graph.offsets[a]!; edge < graph.offsets[a + 1]!; edge++) {
            expect(graph.weights[edge]).toBeCloseTo(expected[a]![graph.neighbours[edge]!]!, 4)
            if (edge > graph.offsets[a]!)
              expect(graph.neighbours[edge]).toBeGreaterThan(graph.neighbours[edge - 1]!)
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('cases', () => {
  it('are all prefixes of all sessions, each with the item that follows', () => {
    fc.assert(
      fc.property(lists, (drawn) => {
        const cases = casesOf(sessionsOf(drawn))
        const expected = drawn.flatMap((list) =>
          list.slice(1).map((target, i) => [list.slice(0, i + 1), target]),
        )
        const found = Array.from(cases.targets, (_, c) => [
          Array.from(historyOf(cases, c)),
          targetOf(cases, c),
        ])
        expect(found).toEqual(expected)
      }),
    )
  })

  it('never hold the target in the history they are predicted from', () => {
    const session = Array.from({ length: 80 }, (_, i) => i)
    const cases = casesOf(sessionsOf([session]))
    for (let c = 0; c < cases.targets.length; c++) {
      const history = historyOf(cases, c)
      expect(history.length).toBeLessThanOrEqual(50)
      expect(Array.from(history)).not.toContain(targetOf(cases, c))
      expect(history.at(-1)).toBe(targetOf(cases, c) - 1)
    }
  })

  it('of a slice are those of its sessions alone', () => {
    const whole = sessionsOf([[1, 2, 3], [4, 5], [], [6, 7]])
    const cases = casesOf(sliceSessions(whole, 1, 4))
    expect(Array.from(cases.targets, (_, c) => targetOf(cases, c))).toEqual([5, 7])
  })
})

describe('factorize', () => {
  it('finds the largest eigenpairs of a matrix that it is given', async () => {
    // B Bᵀ for a 60 × 5 matrix B with orthogonal columns of falling length.
    const size = 60
    const strengths = [9, 7, 5, 3, 2]
    const columns = strengths.map((_, j) =>
      Array.from(
        { length: size },
        (_, i) => Math.sqrt(2 / size) * Math.cos((Math.PI * (i + 0.5) * (j + 1)) / size),
      ),
    )
    const values = new Float32Array(size * size)
    for (let i = 0; i < size * size; i++) {
      const [row, column] = [Math.floor(i / size), i % size]
      values[i] = strengths.reduce(
        (sum, value, j) => sum + value * columns[j]![row]! * columns[j]![column]!,
        0,
      )
    }
    const matrix = {
      offsets: Uint32Array.from({ length: size + 1 }, (_, i) => i * size),
      columns: Uint32Array.from({ length: size * size }, (_, i) => i % size),
      values,
    }
    const found = await factorize(matrix, 16, createRandom(1), async () => undefined)
    for (const [j, strength] of strengths.entries()) {
      expect(found.values[j]).toBeCloseTo(strength, 3)
      const overlap = columns[j]!.reduce((sum, value, i) => sum + value * found.vectors[i * 16 + j]!, 0)
      expect(Math.abs(overlap)).toBeCloseTo(1, 3)
    }
    const table = embed(found, 0.5)
    for (let i = 0; i < size; i++) {
      const row = table.subarray(16 * i, 16 * i + 16)
      expect(row.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4)
    }
  })
})

describe('quantization', () => {
  const numbers = fc.float32Array({ min: -1000, max: 1000, noNaN: true, minLength: 8, maxLength: 8 })

  it('rounds each row to within half a step of its own scale', () => {
    fc.assert(
      fc.property(numbers, (drawn) => {
        const { values, scales } = quantizeRows(drawn, 4)
        for (const [i, value] of drawn.entries()) {
          const scale = scales[Math.floor(i / 4)]!
          expect(Math.abs(values[i]! * scale - value)).toBeLessThanOrEqual(0.5001 * scale + 1e-30)
        }
      }),
    )
  })

  it('keeps zero and the largest weight of a row exactly', () => {
    fc.assert(
      fc.property(numbers, (drawn) => {
        const weights = drawn.map(Math.abs)
        weights[2] = 0
        const companded = quantizeCompanded(weights, Uint32Array.of(0, 3, 3, 8))
        const levels = quantizeLevels(weights, 4)
        expect(companded.values[2]).toBe(0)
        expect(levels.values[2]).toBe(0)
        const largest = Math.max(...weights.subarray(3))
        expect(companded.scales[2]).toBe(largest)
        if (largest > 0) expect(Math.max(...companded.values.subarray(3))).toBe(255)
      }),
    )
  })
})
