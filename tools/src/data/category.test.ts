import { describe, expect, it } from 'vitest'
import { OTHER, categoryOf } from './category.ts'

describe('categoryOf', () => {
  it.each([
    ['Lunch Bag Red Retrospot', 'Bags & Purses', 'the last thing of the phrase decides'],
    ['White Hanging Heart T-Light Holder', 'Lighting & Candles', 'a thing goes before a container'],
    ['Vintage Christmas Paper Gift Bag', 'Christmas', 'the occasion goes before the thing'],
    ['Box of 6 Assorted Colour Teaspoons', 'Tableware', 'what is counted goes before its box'],
    ['Recipe Box with Metal Heart', 'Kitchen & Baking', 'what follows "with" is no head noun'],
    ['Red Metal Box Top Secret', 'Storage & Furniture', 'a container decides where nothing else does'],
    ['Necklace+Bracelet Set Blue Hibiscus', 'Jewellery & Accessories', 'a plus separates words'],
    ['Zinc Heart', 'Decorations & Ornaments', 'a motif decides last'],
    ['Xyzzy', OTHER, 'nothing known'],
    ['constructor', OTHER, 'a name of Object.prototype is no word of ours'],
  ])('puts "%s" under %s: %s', (title, category) => {
    expect(categoryOf(title)).toBe(category)
  })
})
