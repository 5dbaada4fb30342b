/** The basket of this browser: kept beyond the visit only with consent. */
import { type Signal, effect, signal } from '@preact/signals'
import { type CartLine, parseCart } from '../cart.ts'
import { consent, storageUnder } from './consent.ts'

const KEY = 'shop-basket'

/** The basket's lines. */
export const cart: Signal<readonly CartLine[]> = signal([])

/** Loads the basket and keeps storage in step with it, also when consent changes. */
export function restoreCart(): void {
  cart.value = parseCart(localStorage.getItem(KEY) ?? sessionStorage.getItem(KEY))
  effect(() => {
    const kept = storageUnder(consent.value)
    const other = kept === localStorage ? sessionStorage : localStorage
    other.removeItem(KEY)
    if (cart.value.length === 0) kept.removeItem(KEY)
    else kept.setItem(KEY, JSON.stringify(cart.value))
  })
}
