/** The basket of this browser: kept beyond the visit only with consent. */
import { type Signal, effect, signal } from '@preact/signals'
import { type CartLine, parseCart } from '../cart.ts'
import { consent, storageUnder } from './consent.ts'
import { lasting, passing } from './storage.ts'

const KEY = 'shop-basket'

/** The basket's lines. */
export const cart: Signal<readonly CartLine[]> = signal([])

/** Loads the basket and keeps storage in step with it, also when consent changes. */
export function restoreCart(): void {
  cart.value = parseCart(lasting().getItem(KEY) ?? passing().getItem(KEY))
  effect(() => {
    lasting().removeItem(KEY)
    passing().removeItem(KEY)
    if (cart.value.length > 0) storageUnder(consent.value).setItem(KEY, JSON.stringify(cart.value))
  })
}
