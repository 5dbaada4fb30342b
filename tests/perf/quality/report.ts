/** What the quality benchmark finds: `docs/benchmarks/quality.json`. */
import type { Machine } from '../measure/machine.ts'

/** Shares of 0 to 1. */
export interface Quality {
  hit_rate: number
  mrr: number
  ndcg: number
}

/** How lists spread over the catalogue. */
export interface Exposure {
  coverage: number
  gini: number
  popularity_lift?: number
}

/** A mean with its 95% interval. */
export interface Interval {
  mean: number
  low: number
  high: number
}

/** One ranker minus another on the same cases. */
export interface Difference {
  hit_rate: Interval
  mrr: Interval
}

/** One version of the model on the compression curve. */
export interface Version extends Quality {
  name: string
  bytes: number
  /** Numbers after / before. */
  parameter_ratio: number
  /** Largest rounding error of the embeddings / their range. */
  max_error_over_range: number
  /** Median and 99th percentile of a list in Node, in milliseconds, measured alone. */
  p50_ms: number
  p99_ms: number
  /** This version minus float32. */
  difference: Difference
}

/** A baseline, tuned as the model is. */
export interface Baseline extends Quality, Exposure {
  name: string
  settings: Readonly<Record<string, unknown>>
  trials: number
  /** Cases of the training data's tail that they were tried on. */
  tuning_cases: number
  /** The model in int8 minus it. */
  difference: Difference
}

/** The model in another setting, on a sample of the cases, and it minus the model as it is. */
export interface Setting extends Quality, Exposure {
  name: string
  cases: number
  difference: Difference
}

/** What rounding to 8 bits loses of float32, as a share of float32's own figure; a gain is below 0. */
export interface Int8Loss {
  hit_rate: Interval
  mrr: Interval
  /** Most that it may lose. */
  allowed: number
  holds: boolean
}

/** Rates of lists to which several items may be right. */
export interface ShelfRates {
  recall: number
  precision: number
  hit_rate: number
  ndcg: number
}

/** One shelf on the questions of its objective. */
export interface ShelfQuality extends ShelfRates {
  objective: string
  placement: string
  k: number
  /** The measure that baselines were tuned by and that differences are stated in. */
  by: keyof ShelfRates
  questions: number
  /** The shelf minus the baseline. */
  baselines: Readonly<Record<string, ShelfRates & { difference: Interval; trials: number }>>
}

/** Items whose events were hidden from training: ranked among themselves, and as others are. */
export interface HiddenItems {
  /** Of all items. */
  share: number
  items: number
  cases: number
  model: Quality
  category: Quality
  chance: Quality
  /** The model's lists of the whole catalogue. */
  among_all: Quality & { cases: number }
}

/** One shop. */
export interface ShopReport {
  shop: string
  measured: string
  machine: Machine
  sessions: number
  cases: number
  items: number
  training_events: number
  train_seconds: number
  /** The model in int8, which ships. */
  exposure: Exposure
  /** The same model told nothing but the session's items, as baselines are; only where data know more of shoppers. */
  unknown_shopper?: Quality & Exposure & { difference: Difference }
  by_prefix: Readonly<Record<string, Quality & { cases: number }>>
  by_popularity: Readonly<Record<string, Quality & { cases: number }>>
  int8_loss: Int8Loss
  /** float32, int8, then smaller ones. */
  versions: Version[]
  baselines: Baseline[]
  /** Of the literature, on the same split: context, not measured here. */
  published: readonly { name: string; hit_rate: number; mrr: number; source: string }[]
  ablations: Setting[]
  long_tail: Setting[]
  /** Quality by number of training events, the newest ones; only where it was asked for. */
  growth: { events: number; model: Quality; popularity: Quality; item_knn: Quality }[]
  /** Only of a shop with shoppers and times. */
  shelves?: ShelfQuality[]
  hidden?: HiddenItems
}

/** Everything that was measured, by shop. */
export interface QualityReport {
  shops: ShopReport[]
}

/** One line of JSON for each ranker on each shop. */
export function qualityLines({ shops }: QualityReport): object[] {
  return shops.flatMap(
    ({
      shop,
      cases,
      versions,
      baselines,
      ablations,
      long_tail: longTail,
      int8_loss,
      shelves = [],
      hidden,
    }) => [
      { shop, int8_loss },
      ...versions.map((version) => ({ shop, cases, ...version })),
      ...baselines.map((baseline) => ({ shop, cases, ...baseline })),
      ...ablations.map((setting) => ({ shop, ...setting })),
      ...longTail.map((setting) => ({ shop, long_tail: true, ...setting })),
      ...shelves.map((shelf) => ({ shop, ...shelf })),
      ...(hidden ? [{ shop, hidden }] : []),
    ],
  )
}
