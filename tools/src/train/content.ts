/** What a catalogue says of its items, as sparse features: words of the title, category, price. */
import type { CatalogueItem } from '@vitrine/contracts'

/** Rows of weighted features, each of length 1 (compressed rows). */
export interface ContentFeatures {
  /** `[N + 1]` */
  readonly offsets: Uint32Array
  readonly columns: Uint32Array
  readonly values: Float32Array
  /** Number of features. */
  readonly width: number
}

/** A feature that fewer items share says nothing of another item. */
const FEWEST_ITEMS = 2
const MOST_FEATURES = 8192
const WORD = /[\p{L}\p{N}]{2,}/gu
/** Doublings of a price that fall into one class. */
const PRICE_STEP = 0.5

/** Reads the features of all items; rare ones weigh more (inverse document frequency). */
export function readContent(catalogue: readonly CatalogueItem[]): ContentFeatures {
  const names = catalogue.map(featuresOf)
  const frequency = new Map<string, number>()
  for (const own of names) for (const name of own) frequency.set(name, (frequency.get(name) ?? 0) + 1)
  const kept = [...frequency]
    .filter(([, items]) => items >= FEWEST_ITEMS)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_FEATURES)
  const columnOf = new Map(kept.map(([name], column) => [name, column]))
  const rarity = kept.map(([, items]) => Math.log(catalogue.length / items) + 1)

  const offsets = new Uint32Array(catalogue.length + 1)
  const columns: number[] = []
  const values: number[] = []
  for (const [item, own] of names.entries()) {
    const found = [...own].flatMap((name) => columnOf.get(name) ?? []).toSorted((a, b) => a - b)
    const length = Math.hypot(...found.map((column) => rarity[column]!)) || 1
    for (const column of found) {
      columns.push(column)
      values.push(rarity[column]! / length)
    }
    offsets[item + 1] = columns.length
  }
  return {
    offsets,
    columns: Uint32Array.from(columns),
    values: Float32Array.from(values),
    width: kept.length,
  }
}

function featuresOf({ title, category, price }: CatalogueItem): Set<string> {
  const features = new Set<string>()
  for (const [word] of title.toLowerCase().matchAll(WORD)) features.add(`word ${word}`)
  if (category !== undefined) features.add(`category ${category}`)
  if (price !== undefined && price > 0) {
    features.add(`price ${Math.round(Math.log2(price) / PRICE_STEP)}`)
  }
  return features
}
