import { describe, expect, it } from 'vitest'
import { attributesOf } from '../src/attributes.ts'
import { readCatalogue, writeCatalogue } from '../src/catalogue.ts'
import { COLUMNS, type FeatureName } from '../src/context-names.ts'
import { FEATURE_COUNT } from '../src/feature-names.ts'
import { Workspace } from '../src/workspace.ts'

const ITEMS = [
  { id: 'mug', title: 'Red Mug', category: 'kitchen', price: 4 },
  { id: 'cup', title: 'Red cup, RED rim', category: 'kitchen', price: 8 },
  { id: 'lamp', title: 'Lamp', category: 'light', price: 64 },
  { id: 'gift', title: '— & —', price: 0 },
  { id: 'castle', title: 'castle', category: 'light', price: 1e9 },
]
const [MUG, CUP, LAMP, GIFT, CASTLE] = [0, 1, 2, 3, 4]

const attributes = attributesOf(readCatalogue(writeCatalogue(ITEMS)))!

/** What is said of each item after `history`. */
function describeAfter(history: readonly number[]): (item: number, name: FeatureName) => number {
  const work = new Workspace(ITEMS.length, 16)
  for (const item of ITEMS.keys()) work.add(item)
  attributes.describe(history, work)
  return (item, name) => work.features[item * FEATURE_COUNT + COLUMNS[name]]!
}

describe('attributes', () => {
  it('say whether a candidate is in the category of the last items', () => {
    const of = describeAfter([MUG, LAMP])
    expect(of(CASTLE, 'categoryLast')).toBe(1)
    expect(of(CUP, 'categoryLast')).toBe(0)
    expect(of(CASTLE, 'categoryShare')).toBeCloseTo(1 / 1.7, 6)
    expect(of(CUP, 'categoryShare')).toBeCloseTo(0.7 / 1.7, 6)
    expect(of(GIFT, 'categoryShare')).toBe(0)
  })

  it('take what has no category for no category of its own', () => {
    const of = describeAfter([GIFT])
    expect(of(GIFT, 'categoryLast')).toBe(0)
    expect(of(GIFT, 'categoryShare')).toBe(0)
  })

  it('say how many doublings a price is away, at most four', () => {
    const of = describeAfter([MUG])
    expect(of(CUP, 'priceStep')).toBe(1)
    expect(describeAfter([CUP])(MUG, 'priceStep')).toBe(-1)
    expect(describeAfter([CUP])(MUG, 'priceDistance')).toBe(1)
    expect(of(CASTLE, 'priceStep')).toBe(4)
    expect(describeAfter([LAMP, MUG])(CUP, 'priceLast')).toBe(1)
    // The mean of 2 and 0.7 times 6 doublings.
    expect(describeAfter([LAMP, MUG])(CUP, 'priceStep')).toBeCloseTo(3 - (2 + 0.7 * 6) / 1.7, 5)
  })

  it('say nothing of a price that nobody knows', () => {
    expect(describeAfter([MUG])(GIFT, 'priceDistance')).toBe(0)
    expect(describeAfter([GIFT])(MUG, 'priceDistance')).toBe(0)
    // The last item alone is unknown: what came before it still says what is usual.
    expect(describeAfter([MUG, GIFT])(CUP, 'priceStep')).toBe(1)
    expect(describeAfter([MUG, GIFT])(CUP, 'priceLast')).toBe(0)
  })

  it('say how many words of the titles are the same, each counted once, whatever their case', () => {
    const of = describeAfter([MUG])
    expect(of(CUP, 'titleLast')).toBeCloseTo(1 / Math.sqrt(2 * 3), 6)
    expect(of(MUG, 'titleLast')).toBeCloseTo(1, 6)
    expect(of(LAMP, 'titleLast')).toBe(0)
    expect(describeAfter([LAMP, MUG])(CUP, 'titleShare')).toBeCloseTo(1 / Math.sqrt(6) / 1.7, 6)
  })

  it('are finite where a title has no words', () => {
    const of = describeAfter([GIFT])
    for (const item of ITEMS.keys()) {
      expect(of(item, 'titleLast')).toBe(0)
      expect(of(item, 'titleShare')).toBe(0)
    }
  })

  it('are missing where a catalogue has nothing but names', () => {
    const bare = [
      { id: 'a', title: 'a' },
      { id: 'b', title: 'b' },
    ]
    expect(attributesOf(readCatalogue(writeCatalogue(bare)))).toBeUndefined()
    expect(
      attributesOf(readCatalogue(writeCatalogue([{ id: 'a', title: 'a', category: 'c' }]))),
    ).toBeDefined()
    expect(attributesOf(readCatalogue(writeCatalogue([{ id: 'a', title: 'a', price: 1 }])))).toBeDefined()
    expect(attributesOf(readCatalogue(writeCatalogue([{ id: 'a', title: 'A mug' }])))).toBeDefined()
  })
})
