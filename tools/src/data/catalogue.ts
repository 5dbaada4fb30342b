/** Gathers what rows say of each item into one catalogue, and reads and writes it. */
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CatalogueItem, VitrineError, parseItem } from '@vitrine/contracts'
import { categoryOf } from './category.ts'
import type { ItemFacts, ShopEvent } from './clean-row.ts'
import { readLines } from './lines.ts'
import { type OpenInputOptions, openInput } from './open-input.ts'
import { tidyTitle } from './title.ts'

/** Name of the file in an import's folder. */
export const CATALOGUE_FILE = 'catalogue.ndjson'

/** Both bound the memory of an item whose title or price never stays the same. */
const TITLES_KEPT = 8
const PRICES_KEPT = 99

interface Gathered {
  /** Times seen, by title as written. */
  titles: Map<string, number>
  /** The latest, as a ring; in order of the input. */
  prices: number[]
  priceCount: number
  category?: string
}

/** Gathers facts; memory grows with the number of items only. */
export class CatalogueBuilder {
  readonly #items = new Map<string, Gathered>()
  #categoriesGiven = false

  add({ item }: ShopEvent, { title, price, category }: ItemFacts): void {
    let gathered = this.#items.get(item)
    if (!gathered) this.#items.set(item, (gathered = { titles: new Map(), prices: [], priceCount: 0 }))
    if (title !== undefined) count(gathered.titles, title)
    if (price !== undefined) gathered.prices[gathered.priceCount++ % PRICES_KEPT] = price
    if (category !== undefined) {
      gathered.category = category
      this.#categoriesGiven = true
    }
  }

  /**
   * The catalogue by rising id. Title: the most frequent one, the later of equals, tidied; the id where none
   * was given. Price: the median of the last 99. Category: the last one given; where the input has none at
   * all, derived from the title.
   */
  build(): CatalogueItem[] {
    const ids = [...this.#items.keys()].toSorted()
    return ids.map((id) => {
      const { titles, prices, category } = this.#items.get(id) as Gathered
      const title = tidyTitle(mostFrequent(titles) ?? '') || id
      const item: CatalogueItem = { id, title }
      if (prices.length > 0) item.price = median(prices)
      if (category !== undefined) item.category = category.slice(0, 500)
      else if (!this.#categoriesGiven && titles.size > 0) item.category = categoryOf(title)
      return item
    })
  }
}

function count(titles: Map<string, number>, title: string): void {
  const before = titles.get(title) ?? 0
  // Taken out and put back, so that the map is in order of last use.
  titles.delete(title)
  if (titles.size === TITLES_KEPT) titles.delete(rarest(titles))
  titles.set(title, before + 1)
}

function rarest(titles: Map<string, number>): string {
  let found = ''
  let least = Number.POSITIVE_INFINITY
  for (const [title, times] of titles) if (times < least) [found, least] = [title, times]
  return found
}

function mostFrequent(titles: Map<string, number>): string | undefined {
  let found: string | undefined
  let most = 0
  for (const [title, times] of titles) if (times >= most) [found, most] = [title, times]
  return found
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1]!
}

/** Writes one item a line. */
export async function writeCatalogue(path: string, items: readonly CatalogueItem[]): Promise<void> {
  await writeFile(path, items.map((item) => JSON.stringify(item) + '\n').join(''))
}

/**
 * Reads a catalogue.
 *
 * @throws `VitrineError('INVALID_ITEM')` naming the line; what `openInput` throws.
 */
export async function readCatalogue(path: string, options: OpenInputOptions = {}): Promise<CatalogueItem[]> {
  const items: CatalogueItem[] = []
  let line = 0
  for await (const lines of readLines(await openInput(path, options))) {
    for (const text of lines) {
      line += 1
      try {
        items.push(parseItem(JSON.parse(text)))
      } catch (cause) {
        throw new VitrineError(
          'INVALID_ITEM',
          `Line ${line} of ${path} is no item (${(cause as Error).message}): correct or remove it.`,
          { cause },
        )
      }
    }
  }
  return items
}

/** Path of the catalogue in the folder of events `path`, or `undefined` where there is none. */
export async function catalogueBeside(path: string): Promise<string | undefined> {
  const beside = join(path, CATALOGUE_FILE)
  return stat(beside).then(
    () => beside,
    () => undefined,
  )
}
