/** The features a ranker may use, by name. */

/** What tells the candidates of a list apart. */
const CANDIDATE_FEATURES = [
  /** Logit of the query embedding, its log-softmax over the candidates, and the log of its place among all found. */
  'dense',
  'denseShare',
  'denseRank',
  /** One-hop graph score over the candidates' largest, the log of that, of the score itself, and of its place. */
  'graph',
  'graphLog',
  'graphScore',
  'graphRank',
  /** The edges of the last item, and of the one before it, each over its largest. */
  'graphLast',
  'graphPrevious',
  /** Two hops over their largest, and its log. */
  'hops',
  'hopsLog',
  /** Cosine with the last item. */
  'cosineLast',
  /** 0.7 ^ steps since the candidate was last in the history, whether it was, and how often. */
  'recency',
  'inHistory',
  'occurrences',
  /** Whether it is the last item, the one before it, the first. */
  'isLast',
  'isPrevious',
  'isFirst',
  /** log(1 + occurrences) in all sessions, the latest 30%, 10% and 2%. */
  'popularity',
  'popularity30',
  'popularity10',
  'popularity2',
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
] as const

/** What is alike for all candidates of a list: they bend the meaning of the others. */
const VISIT_FEATURES = [
  /** Of the history. */
  'logLength',
  'singleItem',
  'uniqueShare',
  /** Whether the last item was there before, and whether it came again after one other. */
  'lastRepeats',
  'alternates',
  'lastPopularity',
  /** Cosine of the last two items. */
  'coherence',
  /** How much the evidence says at all: the largest logit and log graph score, and how evenly each is spread. */
  'densePeak',
  'denseSpread',
  'graphPeak',
  'graphSpread',
  /** The largest share that one category has of the latest items. */
  'categoryFocus',
] as const

/**
 * Names of the features, in column order, those that a list shares last. A ranker names those it uses, and a device
 * refuses a ranker that names others: adding is safe, renaming or changing a meaning is not.
 */
export const FEATURE_NAMES: readonly FeatureName[] = [...CANDIDATE_FEATURES, ...VISIT_FEATURES]

/** One of {@link FEATURE_NAMES}. */
export type FeatureName = (typeof CANDIDATE_FEATURES | typeof VISIT_FEATURES)[number]

/** Whether a feature compares what the catalogue says of items: alike for all where it says nothing. */
export function isAttribute(name: FeatureName): boolean {
  return /^(?:category|price|title)/u.test(name)
}

/** Columns of the feature matrix. */
export const FEATURE_COUNT: number = FEATURE_NAMES.length

/** How many of them, the first ones, tell candidates apart. */
export const CANDIDATE_FEATURE_COUNT: number = CANDIDATE_FEATURES.length

/** The column of each feature. */
export const COLUMNS: Readonly<Record<FeatureName, number>> = Object.fromEntries(
  FEATURE_NAMES.map((name, column) => [name, column]),
) as Record<FeatureName, number>

/** Which features of a candidate speak for which kind of reason, by their names; the rest speak for none. */
export const FEATURE_GROUPS: Readonly<Record<'neighbours' | 'taste' | 'popular', RegExp>> = {
  neighbours: /^(?:graph|hops)/u,
  taste: /^(?:dense|cosine|category|price|title)/u,
  popular: /^popularity/u,
}
