/** Prices in the shop's currency and the document's language. */
import { VitrineError } from '@vitrine/sdk'

/**
 * Returns a function that writes a price.
 *
 * @param currency ISO 4217 code, e.g. `EUR`; without one, and with one that does not exist, a price is a plain
 *   number with two decimals.
 * @param language BCP 47 tag; one that does not parse counts as the browser's language.
 * @param wrong told of a currency that does not exist, as `VitrineError('INVALID_OPTIONS')`.
 * @example
 * ```ts
 * priceFormat('EUR', 'de', report)(2.5) // '2,50 €'
 * ```
 */
export function priceFormat(
  currency: string | undefined,
  language: string | undefined,
  wrong: (error: VitrineError) => void,
): (price: number) => string {
  const locale = knownLanguage(language)
  let format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  try {
    if (currency) format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  } catch (cause) {
    const message = `"${currency}" is no currency code: use one of ISO 4217 such as EUR, or leave the attribute out.`
    wrong(new VitrineError('INVALID_OPTIONS', message, { cause }))
  }
  return (price) => format.format(price)
}

function knownLanguage(language: string | undefined): string | undefined {
  try {
    return Intl.getCanonicalLocales(language)[0]
  } catch {
    return undefined
  }
}
