/**
 * The features that only some rankers read: what the catalogue says of items, and what is known of the shopper beside
 * the items of the visit. A device loads what computes them with a ranker that names one.
 */
import { CORE_CANDIDATE_COUNT, CORE_COLUMNS, CORE_COUNT, type CoreFeature } from './feature-names.ts'

/** What tells the candidates of a list apart: `CONTEXT_CANDIDATE_COUNT` of them. */
const CANDIDATE_FEATURES = [
  /** Whether it is in the category of the last item, and the recency-weighted share of the latest items that are. */
  'categoryLast',
  'categoryShare',
  /** Doublings of the price from what the latest items cost in the mean: signed, without sign; from the last item. */
  'priceStep',
  'priceDistance',
  'priceLast',
  /** Cosine of the title's words with those of the last item, and the recency-weighted mean over the latest items. */
  'titleLast',
  'titleShare',
  /** Of the shopper's visits before this one, those that had it: log of their decayed number, share, log(1 + number). */
  'pastOwn',
  'pastShare',
  'pastVisits',
  /** 1 / (1 + visits since the last of them), 0 where there was none; and whether there was any. */
  'pastRecency',
  'isPast',
  /** Whether it lies in the cart, and whether it was ever bought. */
  'inCart',
  'wasBought',
] as const

/** What is alike for all candidates of a list: `CONTEXT_VISIT_COUNT` of them. */
const VISIT_FEATURES = [
  /** The largest share that one category has of the latest items. */
  'categoryFocus',
  /** log(1 + visits before this one), and the share of what was in them that was new; 1 where there were none. */
  'pastCount',
  'pastNew',
  /** Share of this visit's items that earlier visits had. */
  'pastHere',
  /** What was done last: 0 a look, 1 put into the cart, 2 bought; and log(1 + items in the cart). */
  'lastAct',
  'cartSize',
] as const

/** One of these features. */
export type ContextFeature = (typeof CANDIDATE_FEATURES | typeof VISIT_FEATURES)[number]

/** One of the features that a ranker may name. */
export type FeatureName = CoreFeature | ContextFeature

/**
 * The column of each feature. A ranker names those it uses, and a device refuses a ranker that names others: adding is
 * safe, renaming or changing a meaning is not.
 */
export const COLUMNS: Readonly<Record<FeatureName, number>> = {
  ...CORE_COLUMNS,
  ...(Object.fromEntries([
    ...CANDIDATE_FEATURES.map((name, place) => [name, CORE_CANDIDATE_COUNT + place]),
    ...VISIT_FEATURES.map((name, place) => [name, CORE_COUNT + place]),
  ]) as Record<ContextFeature, number>),
}

/** Names of all features, in column order, those that a list shares last. */
export const FEATURE_NAMES: readonly FeatureName[] = (Object.keys(COLUMNS) as FeatureName[]).toSorted(
  (a, b) => COLUMNS[a] - COLUMNS[b],
)

/** Which of a candidate's speak for its being to the shopper's taste, and which for its having been there before. */
export const CONTEXT_CAUSES: Readonly<Record<'taste' | 'own', readonly number[]>> = {
  taste: CANDIDATE_FEATURES.filter((name) => isOfCatalogue(name)).map((name) => COLUMNS[name]),
  own: CANDIDATE_FEATURES.filter((name) => !isOfCatalogue(name)).map((name) => COLUMNS[name]),
}

function isOfCatalogue(name: FeatureName): boolean {
  return /^(?:category|price|title)/u.test(name)
}
