/** Evaluates a revision and baselines on the same cases. */
import { type Manifest, artifactOf } from '@vitrine/contracts'
import { type Model, type Precision, rankNext } from '@vitrine/recommender'
import { type SessionLog, sessionIds } from '../data/session-log.ts'
import { sessionCount } from '../train/sessions.ts'
import { type Baseline, type BaselineName, fitBaseline } from './baselines/tune.ts'
import { type Difference, pairedBootstrap } from './bootstrap.ts'
import { questionsOf } from './cases.ts'
import { type Exposure, exposureOf } from './exposure.ts'
import { type Measured, factsOf, measureRanker } from './measure-ranker.ts'
import { type NewItemsReport, rankNewItems } from './new-items.ts'
import {
  type PopularityClass,
  type Rates,
  quantile,
  ratesByPopularity,
  ratesByPrefix,
  ratesOf,
  reciprocalRank,
} from './metrics.ts'
import { type Variant, type VariantReport, measureVariants } from './variants.ts'

/** What to evaluate. */
export interface EvaluateInput {
  model: Model
  /** What serves while the model is on its way, loaded from the same revision. */
  starter?: Model | undefined
  precision: Precision
  /** Another revision, or the float32 twin, to measure on the same cases. */
  against?: { model: Model; precision: Precision } | undefined
  /** Sessions that the model has not seen. */
  test: SessionLog
  /** Sessions that the model has seen: baselines are fitted on them. */
  train?: SessionLog
  baselines: readonly BaselineName[]
  /** The model with the long tail's knob turned, from little to much. */
  longTail?: readonly Variant[]
  /** The model with parts taken away. */
  ablations?: readonly Variant[]
}

/** How to evaluate. */
export interface EvaluateOptions {
  k: number
  minPrefix: number
  onProgress?: (progress: { stage: string; share: number }) => void
  signal?: AbortSignal
}

/** A baseline's rates, and ours minus its. */
export interface BaselineReport extends Rates, Exposure {
  settings: Baseline['settings']
  /** Settings that tuning tried. */
  trials: number
  difference: { hit_rate: Difference; mrr: Difference }
}

/** What the starter answers to the same cases, and the model minus it. */
export interface StarterReport extends Rates, Exposure {
  items: number
  /** Of its artifact. */
  bytes: number
  difference: { hit_rate: Difference; mrr: Difference }
}

/** What another revision answers to the same cases, and the model minus it. */
export interface RevisionComparison extends Rates, Exposure {
  revision: string
  precision: Precision
  difference: { hit_rate: Difference; mrr: Difference }
}

/** Rates are shares, 0 to 1. */
export interface EvaluationReport extends Rates, Exposure {
  model: string
  revision: string
  precision: Precision
  k: number
  min_prefix: number
  sessions: number
  cases: number
  /** Of all artifacts but the starter, which no device keeps. */
  bytes: number
  /** Milliseconds of one list, median and 99th percentile. */
  p50_ms: number
  p99_ms: number
  by_prefix: Record<string, Rates & { cases: number }>
  /** Only where the revision has one. */
  starter?: StarterReport
  /** Only where another revision was named. */
  against?: RevisionComparison
  /** Only where the training sessions are known. */
  by_popularity?: Record<PopularityClass, Rates & { cases: number }>
  /** Only where cases went on to items that training saw no event of. */
  new_items?: NewItemsReport
  baselines: Partial<Record<BaselineName, BaselineReport>>
  /** On a sample of the cases, the model as it is first; only where asked for. */
  long_tail?: VariantReport[]
  ablations?: VariantReport[]
}

/** Evaluates. */
export async function evaluateModel(
  { model, starter, precision, against, test, train, baselines, longTail, ablations }: EvaluateInput,
  { k, minPrefix, onProgress, signal }: EvaluateOptions,
): Promise<EvaluationReport> {
  const sessions = Array.from({ length: sessionCount(test.sessions) }, (_, s) => sessionIds(test, s))
  const facts = factsOf(sessions, minPrefix)
  const before = 1 + (starter ? 1 : 0) + (against ? 1 : 0)
  const parts = before + (train ? baselines.length : 0)
  const measureAs = (
    stage: string,
    part: number,
    rank: Parameters<typeof measureRanker>[0],
  ): Promise<Measured> =>
    measureRanker(rank, sessions, {
      k,
      minPrefix,
      ...(signal && { signal }),
      onProgress: (share) => onProgress?.({ stage, share: (part + share) / parts }),
    })

  const ours = await measureAs('model', 0, (prefix, k) => rankNext(model, prefix, k))
  const counts = train && countsOf(train)
  const exposed = ({ exposures }: Measured): Exposure =>
    exposureOf({ exposures, items: model.manifest.items, targets: facts.targets, ...(counts && { counts }) })
  const compared = (theirs: Measured): Rates & Exposure & Pick<BaselineReport, 'difference'> => {
    const { hit_rate, mrr, ndcg } = ratesOf(theirs.ranks)
    const difference = differenceOf(ours, theirs, facts.sessions)
    return { hit_rate, mrr, ndcg, ...exposed(theirs), difference }
  }
  const first = starter && (await measureAs('starter', 1, (prefix, k) => rankNext(starter, prefix, k)))
  const other =
    against &&
    (await measureAs('the other revision', before - 1, (prefix, k) => rankNext(against.model, prefix, k)))
  const reports: EvaluationReport['baselines'] = {}
  for (const [place, name] of (train ? baselines : []).entries()) {
    onProgress?.({ stage: `tuning ${name}`, share: (place + before) / parts })
    const { rank, settings, trials } = await fitBaseline(name, train as SessionLog, {
      k,
      ...(signal && { signal }),
    })
    const theirs = await measureAs(name, place + before, rank)
    reports[name] = { ...compared(theirs), settings, trials }
  }
  const vary = (stage: string, variants: readonly Variant[]): Promise<VariantReport[]> =>
    measureVariants(model, variants, sessions, {
      k,
      minPrefix,
      counts,
      ...(signal && { signal }),
      onProgress: (name, share) => onProgress?.({ stage: `${stage}: ${name}`, share }),
    })
  const options = { k, ...(signal && { signal }) }
  const fresh = counts && (await rankNewItems(model, [...questionsOf(sessions, minPrefix)], counts, options))
  const { cases, hit_rate, mrr, ndcg } = ratesOf(ours.ranks)
  return {
    cases,
    hit_rate,
    mrr,
    ndcg,
    ...exposed(ours),
    bytes: bytesOf(model.manifest),
    p50_ms: quantile(ours.ms, 0.5),
    p99_ms: quantile(ours.ms, 0.99),
    model: model.manifest.id,
    revision: model.manifest.revision,
    precision,
    k,
    min_prefix: minPrefix,
    sessions: sessions.length,
    by_prefix: ratesByPrefix(ours.ranks, facts.prefixLengths),
    ...(first && {
      starter: {
        ...compared(first),
        items: starter.catalogue.ids.length,
        bytes: artifactOf(model.manifest, 'starter')!.bytes,
      },
    }),
    ...(other && {
      against: {
        ...compared(other),
        revision: against.model.manifest.revision,
        precision: against.precision,
      },
    }),
    ...(counts && {
      by_popularity: ratesByPopularity(
        ours.ranks,
        facts.targets,
        counts,
        (id) => model.catalogue.indexOf(id) !== undefined,
      ),
    }),
    ...(fresh && { new_items: fresh }),
    baselines: reports,
    ...(longTail && { long_tail: await vary('long tail', longTail) }),
    ...(ablations && { ablations: await vary('without a part', ablations) }),
  }
}

function differenceOf(ours: Measured, theirs: Measured, sessions: Uint32Array): BaselineReport['difference'] {
  const of = (value: (rank: number) => number): Difference =>
    pairedBootstrap(
      Float64Array.from(ours.ranks, (rank, i) => value(rank) - value(theirs.ranks[i]!)),
      sessions,
    )
  return { hit_rate: of((rank) => (rank > 0 ? 1 : 0)), mrr: of(reciprocalRank) }
}

function bytesOf({ artifacts }: Manifest): number {
  return artifacts.reduce((sum, { role, bytes }) => (role === 'starter' ? sum : sum + bytes), 0)
}

/** Training events by item id. */
function countsOf({ ids, sessions }: SessionLog): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of sessions.items) {
    const id = ids[item]!
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}
