/** Items of the catalogue, as a model's `catalogue` artifact carries them. */
import * as v from './schema.ts'
import { MAX_ID_LENGTH } from './event.ts'
import { atLeastZero } from './numbers.ts'
import { parseWith } from './parse.ts'

/** What a device knows of an item beside its place in the model. Everything in it is hostile text. */
export interface CatalogueItem {
  id: string
  title: string
  /** In the shop's currency, e.g. 2.55. */
  price?: number
  category?: string
  /** Link to the product page; a widget follows only http, https and relative ones. */
  url?: string
  image?: string
  /** Missing means in stock. */
  inStock?: boolean
}

const text = v.pipe(v.string, v.maxLength(500))
const link = v.pipe(v.string, v.maxLength(2000))

const schema: v.Schema<CatalogueItem> = v.strictObject({
  id: v.pipe(v.string, v.minLength(1), v.maxLength(MAX_ID_LENGTH)),
  title: text,
  price: v.optional(atLeastZero),
  category: v.optional(text),
  url: v.optional(link),
  image: v.optional(link),
  inStock: v.optional(v.boolean),
})

/**
 * Parses one item of a catalogue.
 *
 * @throws `VitrineError('INVALID_ITEM')` when a field is missing, unknown or out of range.
 */
export function parseItem(input: unknown): CatalogueItem {
  return parseWith(schema, input, 'INVALID_ITEM', 'item')
}
