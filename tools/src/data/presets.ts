/** Ready mappings and cleaning rules for exports that many shops or studies have. */
import { type EventType, VitrineError } from '@vitrine/contracts'
import { type Columns, type SourceRow, memberOf, textOf } from './columns.ts'
import type { InputDialect } from './records.ts'

/** How one kind of export becomes events. */
export interface Preset {
  dialect?: InputDialect
  columns: Columns
  /** Type of every event where no column says it. */
  type: EventType
  /** Reads one JSON object as any number of rows, in place of `columns`. */
  rowsOf?: (json: unknown) => SourceRow[]
  /** Says why a row is no event of a shopper, or `undefined` when it is one. May tidy the row. */
  rule?: (row: SourceRow) => string | undefined
}

/** Names of {@link presetOf}. */
const PRESETS = ['online-retail', 'ga4', 'vitrine'] as const

/** @throws `VitrineError('INVALID_OPTIONS')` for a name that is no preset. */
export function presetOf(name: string): Preset {
  if (name === 'online-retail') return ONLINE_RETAIL
  if (name === 'ga4') return GA4
  if (name === 'vitrine') return VITRINE
  throw new VitrineError(
    'INVALID_OPTIONS',
    `There is no preset "${name}": use one of ${PRESETS.join(', ')}, or --columns.`,
  )
}

/** Two fees that carry a code like a product's. */
const FEES = /^\s*(?:next day carriage|packing charge)\s*$/iu

/** UCI's Online Retail and exports of its form (doi 10.24432/C5BW33). docs/data.md lists the rules. */
const ONLINE_RETAIL: Preset = {
  dialect: { format: 'csv', separator: ',' },
  columns: {
    session: 'InvoiceNo',
    user: 'CustomerID',
    item: 'StockCode',
    time: 'InvoiceDate',
    quantity: 'Quantity',
    price: 'UnitPrice',
    title: 'Description',
  },
  type: 'purchase',
  rule: (row) => {
    if (row.session?.startsWith('C')) return 'cancelled'
    if (row.user === undefined) return 'no customer'
    // Customer ids went through a spreadsheet's float column: 17850.0.
    row.user = row.user.replace(/\.0$/u, '')
    // Postage, bank charges, manual corrections and vouchers have names; products have five digits and a letter or two.
    if (!/^\d{5}/u.test(row.item ?? '') || FEES.test(row.title ?? '')) return 'not a product'
    if (!(Number(row.price) > 0)) return 'price not positive'
    return undefined
  },
}

/** GA4's BigQuery export as NDJSON, one event a line. https://support.google.com/analytics/answer/7029846 */
const GA4: Preset = {
  dialect: { format: 'ndjson' },
  columns: {
    session: 'ga_session_id',
    user: 'user_pseudo_id',
    item: 'items[].item_id',
    time: 'event_timestamp',
  },
  type: 'view',
  rowsOf: (json) => {
    const user = textOf(memberOf(json, 'user_pseudo_id'))
    // GA4 numbers sessions by their start in seconds, so that two users may share a number.
    const session = parameter(json, 'ga_session_id')
    const shared = present({
      user,
      session: user && session && `${user}.${session}`,
      time: textOf(memberOf(json, 'event_timestamp')),
      type: textOf(memberOf(json, 'event_name')),
    })
    const items = memberOf(json, 'items')
    if (!Array.isArray(items) || items.length === 0) return [shared]
    return items.map((item: unknown) =>
      Object.assign(
        present({
          item: textOf(memberOf(item, 'item_id')),
          title: textOf(memberOf(item, 'item_name')),
          category: textOf(memberOf(item, 'item_category')),
          price: textOf(memberOf(item, 'price')),
          quantity: textOf(memberOf(item, 'quantity')),
        }),
        shared,
      ),
    )
  },
}

/** What an endpoint exports, `GET /v1/events/export`: a device is a user, a pause ends a visit. */
const VITRINE: Preset = {
  dialect: { format: 'ndjson' },
  columns: { user: 'device', item: 'item', time: 'at', type: 'type' },
  type: 'view',
  rowsOf: (json) => {
    const type = textOf(memberOf(json, 'type'))
    // Of the other types the value is no quantity: stars, or a place in a list.
    const isQuantity = type === 'purchase' || type === 'add_to_cart'
    return [
      present({
        user: textOf(memberOf(json, 'device')),
        item: textOf(memberOf(json, 'item')),
        time: textOf(memberOf(json, 'at')),
        type,
        quantity: isQuantity ? textOf(memberOf(json, 'value')) : undefined,
      }),
    ]
  },
  // Nobody chose what he was shown.
  rule: (row) => (row.type === 'impression' ? 'an impression' : undefined),
}

/** Reads `event_params[].value` of one key, or the same key at the top, as flattened exports have it. */
function parameter(json: unknown, key: string): string | undefined {
  const list = memberOf(json, 'event_params')
  const entry: unknown = Array.isArray(list)
    ? list.find((item: unknown) => memberOf(item, 'key') === key)
    : undefined
  const value = memberOf(entry, 'value')
  return textOf(memberOf(value, 'int_value') ?? memberOf(value, 'string_value') ?? memberOf(json, key))
}

function present(row: { [field in keyof SourceRow]: string | undefined }): SourceRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value)) as SourceRow
}
