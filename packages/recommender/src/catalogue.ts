/** The catalogue: what a device knows of each item beside its place in the model, in compact columns. */
import { type CatalogueItem, MAX_ID_LENGTH } from '@vitrine/contracts'
import { corrupt } from './bytes.ts'
import { readJson, writeJson } from './json.ts'

const VERSION = 1
const MAX_TEXT = 2000

/** The catalogue's columns, each `[N]`, null where an item has no value; a column that no item fills is empty. */
export interface Catalogue {
  readonly ids: readonly string[]
  readonly titles: readonly string[]
  readonly prices: readonly (number | null)[]
  /** Names of categories; an item's category is a place in it, or −1. */
  readonly categories: readonly string[]
  readonly categoryOf: readonly number[]
  readonly urls: readonly (string | null)[]
  readonly images: readonly (string | null)[]
  readonly inStock: readonly (boolean | null)[]
  /** Place of an id in the columns, `undefined` for an unknown one. */
  indexOf(id: string): number | undefined
}

/** Returns `items` as bytes (docs/artifacts.md): columns that no item fills are left out. */
export function writeCatalogue(items: readonly CatalogueItem[]): Uint8Array {
  const categories = [...new Set(items.flatMap(({ category }) => category ?? []))].toSorted()
  const codes = new Map(categories.map((name, code) => [name, code]))
  const column = <T>(field: (item: CatalogueItem) => T | undefined) => {
    const values = items.map((item) => field(item) ?? null)
    return values.some((value) => value !== null) ? values : undefined
  }
  return writeJson({
    version: VERSION,
    ids: items.map(({ id }) => id),
    titles: items.map(({ title }) => title),
    prices: column(({ price }) => price),
    categories,
    categoryOf: items.map(({ category }) => (category === undefined ? -1 : codes.get(category)!)),
    urls: column(({ url }) => url),
    images: column(({ image }) => image),
    inStock: column(({ inStock }) => inStock),
  })
}

/** How to read a catalogue. */
export interface ReadCatalogueOptions {
  /** True for bytes that were read without it before: their values are not checked one by one again. */
  tested?: boolean
}

/**
 * Reads what {@link writeCatalogue} wrote.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readCatalogue(bytes: Uint8Array, { tested = false }: ReadCatalogueOptions = {}): Catalogue {
  const json = readJson('catalogue', bytes, VERSION)
  const column = <T>(name: string, is: (value: unknown) => value is T, count?: number): readonly T[] => {
    const values: unknown = json[name]
    if (!Array.isArray(values) || (count !== undefined && values.length !== count)) {
      throw corrupt('catalogue', `${name} is no column of ${count ?? 'any'} values`)
    }
    const wrong = tested ? -1 : values.findIndex((value) => !is(value))
    if (wrong >= 0) throw corrupt('catalogue', `${name}[${wrong}] is not valid`)
    return values as T[]
  }
  const ids = column('ids', isId)
  const count = ids.length
  const categories = column('categories', isText)
  const isCode = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= -1 && (value as number) < categories.length
  const optional = <T>(name: string, is: (value: unknown) => value is T): readonly (T | null)[] => {
    if (json[name] === undefined) return []
    return column(name, (value): value is T | null => value === null || is(value), count)
  }
  const places = placesOf(ids)
  if (!tested && places().size !== count) throw corrupt('catalogue', 'an id occurs twice')
  return {
    ids,
    titles: column('titles', isText, count),
    prices: optional('prices', isPrice),
    categories,
    categoryOf: column('categoryOf', isCode, count),
    urls: optional('urls', isText),
    images: optional('images', isText),
    inStock: optional('inStock', (value): value is boolean => typeof value === 'boolean'),
    indexOf: (id) => places().get(id),
  }
}

/** Places of `ids`, gathered when first asked for. */
function placesOf(ids: readonly string[]): () => ReadonlyMap<string, number> {
  let places: Map<string, number> | undefined
  return () => {
    if (!places) {
      places = new Map()
      for (let i = 0; i < ids.length; i++) places.set(ids[i]!, i)
    }
    return places
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT
}

function isId(value: unknown): value is string {
  return isText(value) && value.length > 0 && value.length <= MAX_ID_LENGTH
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value)
}

/** Returns item `index` with the fields it has. */
export function itemAt(catalogue: Catalogue, index: number): CatalogueItem {
  const item: CatalogueItem = { id: catalogue.ids[index]!, title: catalogue.titles[index]! }
  const price = catalogue.prices[index] ?? undefined
  const category = catalogue.categories[catalogue.categoryOf[index]!]
  const url = catalogue.urls[index] ?? undefined
  const image = catalogue.images[index] ?? undefined
  const inStock = catalogue.inStock[index] ?? undefined
  if (price !== undefined) item.price = price
  if (category !== undefined) item.category = category
  if (url !== undefined) item.url = url
  if (image !== undefined) item.image = image
  if (inStock !== undefined) item.inStock = inStock
  return item
}
