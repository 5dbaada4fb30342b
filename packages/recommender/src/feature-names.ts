/** The features a ranker may use, by name. */

/**
 * Names of the features, in column order. A ranker names those it uses, and a device refuses a ranker that
 * names others: appending here is safe, renaming or changing a meaning is not.
 */
export const FEATURE_NAMES = [
  /** Logit of the query embedding, and its log-softmax over the candidates. */
  'dense',
  'denseShare',
  /** One-hop graph score over the candidates' largest, and its log. */
  'graph',
  'graphLog',
  /** The last item's own edges, and two hops, each over its largest. */
  'graphLast',
  'hops',
  /** 0.7 ^ steps since the candidate was last in the history, whether it was, whether it is the last item. */
  'recency',
  'inHistory',
  'isLast',
  'occurrences',
  /** log(1 + occurrences) in all sessions, the latest 30%, 10% and 2%. */
  'popularity',
  'popularity30',
  'popularity10',
  'popularity2',
  /** Of the history, the same for all candidates: they bend the meaning of the others. */
  'logLength',
  'singleItem',
  'uniqueShare',
  'lastPopularity',
] as const

/** One of {@link FEATURE_NAMES}. */
export type FeatureName = (typeof FEATURE_NAMES)[number]

/** Columns of the feature matrix. */
export const FEATURE_COUNT: number = FEATURE_NAMES.length

/** Which features speak for which kind of reason; the rest speak for none. */
export const FEATURE_GROUPS: Readonly<Record<'neighbours' | 'taste' | 'popular', readonly FeatureName[]>> = {
  neighbours: ['graph', 'graphLog', 'graphLast', 'hops'],
  taste: ['dense', 'denseShare'],
  popular: ['popularity', 'popularity30', 'popularity10', 'popularity2'],
}
