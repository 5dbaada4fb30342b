/** Prices as a shop writes them. */
const POUNDS = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' })

/** `295` → `£2.95`. */
export function money(pence: number): string {
  return POUNDS.format(pence / 100)
}
