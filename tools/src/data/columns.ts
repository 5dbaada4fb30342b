/** Maps a shop's columns to the fields an event is made of. */
import { VitrineError } from '@vitrine/contracts'

/** What a column can be mapped to. */
export const FIELDS = [
  'session',
  'user',
  'item',
  'time',
  'type',
  'quantity',
  'price',
  'title',
  'category',
] as const

/** One of {@link FIELDS}. */
export type Field = (typeof FIELDS)[number]

/** A row in Vitrine's names, its values still text; an empty value is missing. */
export type SourceRow = Partial<Record<Field, string>>

/** The shop's column (or path of a JSON object, `product.id`) for each field. */
export type Columns = Partial<Record<Field, string>>

/**
 * Parses `session=InvoiceNo,item=StockCode,…`.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` at an unknown or doubled field.
 */
export function parseColumns(text: string): Columns {
  const columns: Columns = {}
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    const field = pair.slice(0, at).trim()
    const column = pair.slice(at + 1).trim()
    if (at < 1 || column === '' || !(FIELDS as readonly string[]).includes(field)) {
      throw new VitrineError(
        'INVALID_OPTIONS',
        `--columns cannot use "${pair}": write FIELD=COLUMN with FIELD one of ${FIELDS.join(', ')}.`,
      )
    }
    if (columns[field as Field] !== undefined) {
      throw new VitrineError('INVALID_OPTIONS', `--columns names ${field} twice: give one column a field.`)
    }
    columns[field as Field] = column
  }
  return columns
}

/**
 * Checks that the mapping can make events.
 *
 * @throws `VitrineError('COLUMN_MISSING')` without item and time, or without any of session and user.
 */
export function checkColumns(columns: Columns): void {
  const missing = (['item', 'time'] as const).filter((field) => columns[field] === undefined)
  if (missing.length === 0 && (columns.session ?? columns.user) !== undefined) return
  const needs = missing.length > 0 ? missing.join(' and ') : 'session or user'
  throw new VitrineError(
    'COLUMN_MISSING',
    `No column is given for ${needs}: name it by --columns ${(missing[0] ?? 'session') + '=COLUMN'}, or use a --preset.`,
  )
}

/**
 * Returns a function that reads rows of delimited text whose header is `header`.
 *
 * @throws `VitrineError('COLUMN_MISSING')` when a named column is not in the header.
 */
export function readerOfFields(
  columns: Columns,
  header: readonly string[],
): (fields: readonly string[]) => SourceRow {
  const places = Object.entries(columns).map(([field, column]) => {
    const place = header.indexOf(column)
    if (place < 0) {
      throw new VitrineError(
        'COLUMN_MISSING',
        `The input has no column "${column}" (for ${field}); it has ${header.join(', ')}. Name the right one by --columns, or give the --separator.`,
      )
    }
    return [field as Field, place] as const
  })
  return (fields) => {
    const row: SourceRow = {}
    for (const [field, place] of places) {
      const value = fields[place]?.trim()
      if (value) row[field] = value
    }
    return row
  }
}

/** Returns a function that reads rows from JSON objects; a column with dots is a path where no such key exists. */
export function readerOfObjects(columns: Columns): (json: unknown) => SourceRow {
  const paths = Object.entries(columns).map(
    ([field, column]) => [field as Field, column, column.split('.')] as const,
  )
  return (json) => {
    const row: SourceRow = {}
    for (const [field, column, path] of paths) {
      const value = textOf(memberOf(json, column) ?? path.reduce(memberOf, json))
      if (value) row[field] = value
    }
    return row
  }
}

/** Returns an own property of a JSON object, and `undefined` for anything else. */
export function memberOf(json: unknown, key: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, key)
    ? (json as Record<string, unknown>)[key]
    : undefined
}

/** A JSON string or number as text. */
export function textOf(json: unknown): string | undefined {
  if (typeof json === 'string') return json.trim()
  return typeof json === 'number' ? String(json) : undefined
}
