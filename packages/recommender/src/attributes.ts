/** What a catalogue says of its items: category, price and the words of titles, as numbers to compare by. */
import type { Catalogue } from './catalogue.ts'
import { COLUMNS } from './context-names.ts'
import { FEATURE_COUNT } from './feature-names.ts'
import type { Workspace } from './workspace.ts'

/** The attributes of a catalogue's items. */
export interface Attributes {
  /** Writes how the candidates of `work` compare with the latest items of `history` (indices, oldest first). */
  describe(history: ArrayLike<number>, work: Workspace): void
}

/** The same of N items as numbers. */
interface Columns {
  /** `[N]` a number for each category, −1 where an item has none. */
  readonly categories: readonly number[]
  /** `[N]` log2 of the price, NaN where an item has none. */
  readonly prices: Float32Array
  /** Returns the distinct words of an item's title as numbers; read when first asked for. */
  readonly wordsOf: (item: number) => readonly number[]
}

/** How many of the latest items are compared with, and by how much each weighs less than the one after it. */
const LATEST = 12
const DECAY = 0.7
/** Prices further apart than sixteenfold are all alike far. */
const FARTHEST = 4
const WORD = /[\p{L}\p{N}]{2,}/gu

/** Returns the attributes of a catalogue; `undefined` where it knows nothing of its items but what they are called by. */
export function attributesOf({
  ids,
  titles,
  prices,
  categoryOf,
}: Pick<Catalogue, 'ids' | 'titles' | 'prices' | 'categoryOf'>): Attributes | undefined {
  const says =
    prices.length || categoryOf.some((code) => code >= 0) || titles.some((title, i) => title !== ids[i])
  if (!says) return undefined
  const numbers = new Map<string, number>()
  const numberOf = (word: string): number => {
    const number = numbers.get(word) ?? numbers.size
    numbers.set(word, number)
    return number
  }
  const known: (readonly number[] | undefined)[] = []
  const columns: Columns = {
    categories: categoryOf,
    // An item that costs nothing is as good as one whose price nobody knows.
    prices: Float32Array.from(titles, (_, i) => (prices[i] ? Math.log2(prices[i]) : NaN)),
    wordsOf: (item) =>
      (known[item] ??= [...new Set(titles[item]!.toLowerCase().match(WORD) ?? [])].map(numberOf)),
  }
  return {
    describe(history, work) {
      const latest = Array.from(
        { length: Math.min(LATEST, history.length) },
        (_, back) => history[history.length - 1 - back]!,
      )
      describeByCategory(columns, latest, work)
      describeByPrice(columns, latest, work)
      describeByTitle(columns, latest, work)
    },
  }
}

function describeByCategory({ categories }: Columns, latest: readonly number[], work: Workspace): void {
  const { count, items, features, visit } = work
  const shares = new Map<number, number>()
  let total = 0
  for (const [back, item] of latest.entries()) {
    const weight = DECAY ** back
    const category = categories[item]!
    shares.set(category, (shares.get(category) ?? 0) + weight)
    total += weight
  }
  // What has no category is in none together with others.
  shares.delete(-1)
  const last = categories[latest[0]!]!
  for (let c = 0, at = 0; c < count; c++, at += FEATURE_COUNT) {
    const category = categories[items[c]!]!
    features[at + COLUMNS.categoryLast] = category >= 0 && category === last ? 1 : 0
    features[at + COLUMNS.categoryShare] = (shares.get(category) ?? 0) / total
  }
  visit[COLUMNS.categoryFocus] = Math.max(0, ...shares.values()) / total
}

function describeByPrice({ prices }: Columns, latest: readonly number[], work: Workspace): void {
  const { count, items, features } = work
  let sum = 0
  let total = 0
  for (const [back, item] of latest.entries()) {
    const price = prices[item]!
    if (Number.isNaN(price)) continue
    sum += DECAY ** back * price
    total += DECAY ** back
  }
  // NaN where no price is known: the two are then no further apart than any.
  const usual = sum / total
  const last = prices[latest[0]!]!
  for (let c = 0, at = 0; c < count; c++, at += FEATURE_COUNT) {
    const price = prices[items[c]!]!
    features[at + COLUMNS.priceStep] = within(price - usual)
    features[at + COLUMNS.priceDistance] = Math.abs(within(price - usual))
    features[at + COLUMNS.priceLast] = Math.abs(within(price - last))
  }
}

function within(step: number): number {
  return Number.isNaN(step) ? 0 : Math.min(FARTHEST, Math.max(-FARTHEST, step))
}

/** Cosine of the titles' sets of words: with the last item, and the mean over the latest ones. */
function describeByTitle({ wordsOf }: Columns, latest: readonly number[], work: Workspace): void {
  const { count, items, features } = work
  const lastWords = new Set(wordsOf(latest[0]!))
  // What one word in common is worth: a mean of cosines is linear in a candidate's words.
  const worth = new Map<number, number>()
  let total = 0
  for (const [back, item] of latest.entries()) {
    const words = wordsOf(item)
    const weight = DECAY ** back
    total += weight
    for (const word of words) worth.set(word, (worth.get(word) ?? 0) + weight / Math.sqrt(words.length))
  }
  for (let c = 0, at = 0; c < count; c++, at += FEATURE_COUNT) {
    const words = wordsOf(items[c]!)
    let common = 0
    let share = 0
    for (const word of words) {
      if (lastWords.has(word)) common++
      share += worth.get(word) ?? 0
    }
    const length = Math.sqrt(words.length) || 1
    features[at + COLUMNS.titleLast] = common / (length * Math.sqrt(lastWords.size || 1))
    features[at + COLUMNS.titleShare] = share / (length * total)
  }
}
