/** Recognises an event of an events file. */
import { eventTypeOf } from '@vitrine/contracts'
import type { ShopEvent } from './clean-row.ts'
import { memberOf } from './columns.ts'

/** Whether `json` is an event as `vitrine import` writes them. */
export function isShopEvent(json: unknown): json is ShopEvent {
  const type = memberOf(json, 'type')
  return (
    typeof type === 'string' &&
    eventTypeOf(type) !== undefined &&
    typeof memberOf(json, 'item') === 'string' &&
    typeof memberOf(json, 'session') === 'string' &&
    Number.isFinite(memberOf(json, 'at'))
  )
}
