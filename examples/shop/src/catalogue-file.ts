/** The shop's product database as a static file: rows of id, title, price in pence and category number. */

/** One product. All text in it is hostile. */
export interface Product {
  id: string
  title: string
  /** Pence; whole numbers add up without rounding. */
  pence: number
  /** Place in {@link CatalogueFile.categories}. */
  category: number
}

/** The file. */
export interface CatalogueFile {
  categories: string[]
  rows: [id: string, title: string, pence: number, category: number][]
}

/** The columns of a model's `catalogue` artifact that the shop needs (docs/artifacts.md). */
export interface ModelCatalogue {
  ids: readonly string[]
  titles: readonly string[]
  prices?: readonly (number | null)[]
  categories: readonly string[]
  categoryOf: readonly number[]
}

/** Derives the file from a model's catalogue. A product without a price is not for sale and left out. */
export function compactCatalogue(model: ModelCatalogue): CatalogueFile {
  const { ids, titles, prices, categories, categoryOf } = model
  const other = categories.length
  const rows = ids.flatMap((id, index): CatalogueFile['rows'] => {
    const price = prices?.[index]
    const category = categoryOf[index] ?? -1
    if (price === null || price === undefined) return []
    return [[id, titles[index] ?? id, Math.round(price * 100), category < 0 ? other : category]]
  })
  return { categories: [...categories, ...(rows.some((row) => row[3] === other) ? ['Other'] : [])], rows }
}

/**
 * Parses the file.
 *
 * @throws `TypeError` naming the first row that is not right.
 */
export function parseCatalogue(input: unknown): { categories: string[]; products: Product[] } {
  const { categories, rows } = (input ?? {}) as Partial<Record<keyof CatalogueFile, unknown>>
  if (!Array.isArray(categories) || !categories.every((name) => typeof name === 'string')) {
    throw new TypeError('The catalogue has no list of categories: build the shop again.')
  }
  if (!Array.isArray(rows)) throw new TypeError('The catalogue has no rows: build the shop again.')
  const products = rows.map((row: unknown, index) => parseRow(row, index, categories.length))
  return { categories, products }
}

function parseRow(row: unknown, index: number, categories: number): Product {
  const [id, title, pence, category] = Array.isArray(row) ? (row as unknown[]) : []
  const isRight =
    typeof id === 'string' &&
    id !== '' &&
    typeof title === 'string' &&
    isWhole(pence) &&
    isWhole(category) &&
    category < categories
  if (!isRight) throw new TypeError(`Row ${index} of the catalogue is not a product: build the shop again.`)
  return { id, title, pence, category }
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
