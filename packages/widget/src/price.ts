/** Prices in the shop's currency and the document's language. */

/**
 * Returns a function that writes a price.
 *
 * @param currency ISO 4217 code, e.g. `EUR`; without one the price is a plain number with two decimals.
 * @param language BCP 47 tag; one that does not parse falls back to the browser's language.
 * @throws `RangeError` where `currency` is no currency code.
 * @example
 * ```ts
 * priceFormat('EUR', 'de')(2.5) // '2,50 €'
 * ```
 */
export function priceFormat(
  currency: string | undefined,
  language: string | undefined,
): (price: number) => string {
  const options: Intl.NumberFormatOptions = currency
    ? { style: 'currency', currency }
    : { minimumFractionDigits: 2, maximumFractionDigits: 2 }
  const format = new Intl.NumberFormat(knownLanguage(language), options)
  return (price) => format.format(price)
}

function knownLanguage(language: string | undefined): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0]
  } catch {
    return undefined
  }
}
