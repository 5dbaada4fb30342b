/** The features that any ranker may use, by name; those of some rankers alone are in `context-names.ts`. */

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
] as const

/** One of the features that every device computes. */
export type CoreFeature = (typeof CANDIDATE_FEATURES | typeof VISIT_FEATURES)[number]

/** How many columns stand behind those of candidates, and behind those of visits, for what only some rankers read. */
const CONTEXT_CANDIDATE_COUNT = 14
const CONTEXT_VISIT_COUNT = 6

/** The first column that only some rankers read. */
export const CORE_CANDIDATE_COUNT: number = CANDIDATE_FEATURES.length

/** How many columns, the first ones, tell candidates apart. */
export const CANDIDATE_FEATURE_COUNT: number = CORE_CANDIDATE_COUNT + CONTEXT_CANDIDATE_COUNT

/** The first column of a visit that only some rankers read. */
export const CORE_COUNT: number = CANDIDATE_FEATURE_COUNT + VISIT_FEATURES.length

/** Columns of the feature matrix. */
export const FEATURE_COUNT: number = CORE_COUNT + CONTEXT_VISIT_COUNT

/** The column of each of these features. */
export const CORE_COLUMNS: Readonly<Record<CoreFeature, number>> = Object.fromEntries(
  [...CANDIDATE_FEATURES, ...VISIT_FEATURES].map((name, place) => [
    name,
    place < CORE_CANDIDATE_COUNT ? place : place + CONTEXT_CANDIDATE_COUNT,
  ]),
) as Record<CoreFeature, number>

/** A kind of reason, and the columns of a candidate that speak for it. */
export type FeatureGroup = readonly [
  group: 'neighbours' | 'taste' | 'popular' | 'own',
  columns: readonly number[],
]

/** What the features of every device speak for; the rest of them speak for nothing. */
export const FEATURE_GROUPS: readonly FeatureGroup[] = (
  [
    ['neighbours', /^(?:graph|hops)/u],
    ['taste', /^(?:dense|cosine)/u],
    ['popular', /^popularity/u],
  ] as const
).map(([group, names]) => [
  group,
  CANDIDATE_FEATURES.flatMap((name, column) => (names.test(name) ? column : [])),
])
