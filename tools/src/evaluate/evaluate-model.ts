/** Evaluates a revision and baselines on the same cases. */
import { type Manifest, artifactOf } from '@vitrine/contracts'
import type { Model, Precision } from '@vitrine/recommender'
import { type SessionLog, sessionIds } from '../data/session-log.ts'
import { contextsOf } from '../train/session-contexts.ts'
import { sessionCount } from '../train/sessions.ts'
import type { BaselineName } from './baselines/families.ts'
import { type TunedBaseline, tuneBaseline } from './baselines/tune.ts'
import { type Difference, pairedBootstrap } from './bootstrap.ts'
import { questionsOf } from './cases.ts'
import { type Exposure, exposureOf } from './exposure.ts'
import { type Measured, factsOf } from './measure-ranker.ts'
import { type NewItemsReport, rankNewItems } from './new-items.ts'
import {
  type PopularityClass,
  type Rates,
  ratesByPopularity,
  ratesByPrefix,
  ratesOf,
  reciprocalRank,
} from './metrics.ts'
import type { OpenModel } from './panel/open-rankers.ts'
import type { ModelSource, Panel, RankerSource, StarterSource } from './panel/panel.ts'
import { timeLists } from './time-lists.ts'
import { type Variant, type VariantReport, measureVariants } from './variants.ts'

/** What to evaluate. */
export interface EvaluateInput {
  model: Model
  /** The same, for the panel. */
  source: ModelSource
  /** What serves while the model is on its way, of the same revision. */
  starter?: { source: StarterSource; items: number } | undefined
  /** Other revisions, or the same in another form, to measure on the same cases. */
  against?: readonly OtherRevision[]
  /** Sessions that the model has not seen. */
  test: SessionLog
  /** Sessions that the model has seen: the panel fits baselines on them. */
  train?: SessionLog
  baselines: readonly BaselineName[]
  /** The model with the long tail's knob turned, from little to much. */
  longTail?: readonly Variant[]
  /** The model with parts taken away. */
  ablations?: readonly Variant[]
}

/** Another revision. */
export interface OtherRevision {
  /** What the report calls it. */
  name: string
  source: ModelSource
  manifest: Manifest
}

/** How to evaluate. */
export interface EvaluateOptions {
  panel: Panel
  openModel: OpenModel
  k: number
  minPrefix: number
  onProgress?: (progress: { stage: string; share: number; note?: string }) => void
  signal?: AbortSignal
}

/** A baseline's rates, and ours minus its. */
export interface BaselineReport extends Rates, Exposure {
  settings: TunedBaseline['settings']
  /** Settings that tuning tried, and cases of the training data's tail that it tried them on. */
  trials: number
  tuning_cases: number
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
export interface RevisionComparison extends Rates, Exposure, RevisionFacts {
  /** As it was asked for. */
  name: string
  difference: { hit_rate: Difference; mrr: Difference }
}

/** What is known of a revision without asking it anything, and how long its lists take. */
export interface RevisionFacts {
  revision: string
  precision: Precision
  /** Of all artifacts but the starter, which no device keeps. */
  bytes: number
  /** Milliseconds of one list, median and 99th percentile, on one thread with nothing beside it. */
  p50_ms: number
  p99_ms: number
}

/** Rates are shares, 0 to 1. */
export interface EvaluationReport extends Rates, Exposure, RevisionFacts {
  model: string
  k: number
  min_prefix: number
  sessions: number
  cases: number
  by_prefix: Record<string, Rates & { cases: number }>
  /** Only where the revision has one. */
  starter?: StarterReport
  /** The same where nothing but the session's items is known; only where the data know more. */
  unknown_shopper?: Rates & Exposure & Pick<BaselineReport, 'difference'>
  /** In the order of their names; only where others were named. */
  against?: RevisionComparison[]
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
  { model, source, starter, against = [], test, train, baselines, longTail, ablations }: EvaluateInput,
  { panel, openModel, k, minPrefix, onProgress, signal }: EvaluateOptions,
): Promise<EvaluationReport> {
  const sessions = Array.from({ length: sessionCount(test.sessions) }, (_, s) => sessionIds(test, s))
  const facts = factsOf(sessions, minPrefix)
  const contextOf = contextsOf(test, train)
  const contexts = contextOf && sessions.map((_, s) => contextOf(s))
  const before = 1 + (starter ? 1 : 0) + (contexts ? 1 : 0) + against.length
  const parts = before + (train ? baselines.length : 0)
  const options = { k, minPrefix, ...(signal && { signal }) }
  const measureAs = (
    stage: string,
    part: number,
    asked: RankerSource,
    known = asked.kind === 'model' ? contexts : undefined,
  ): Promise<Measured> =>
    panel.measure(asked, sessions, {
      ...options,
      contexts: known,
      onProgress: (share) => onProgress?.({ stage, share: (part + share) / parts }),
    })

  const ours = await measureAs('model', 0, source)
  const counts = train && countsOf(train)
  const exposed = ({ exposures }: Measured): Exposure =>
    exposureOf({ exposures, items: model.manifest.items, targets: facts.targets, ...(counts && { counts }) })
  const compared = (theirs: Measured): Rates & Exposure & Pick<BaselineReport, 'difference'> => {
    const { hit_rate, mrr, ndcg } = ratesOf(theirs.ranks)
    const difference = differenceOf(ours, theirs, facts.sessions)
    return { hit_rate, mrr, ndcg, ...exposed(theirs), difference }
  }
  const first = starter && (await measureAs('starter', 1, starter.source))
  const toAnybody =
    contexts && (await measureAs('model, the shopper unknown', before - against.length - 1, source, []))
  const others: RevisionComparison[] = []
  for (const [place, { name, source: other, manifest }] of against.entries()) {
    const theirs = await measureAs(name, before - against.length + place, other)
    others.push({ name, ...compared(theirs), ...(await factsOfRevision(manifest, other)) })
  }
  const reports: EvaluationReport['baselines'] = {}
  for (const [place, name] of (train ? baselines : []).entries()) {
    const share = (place + before) / parts
    const { settings, trials, cases } = await tuneBaseline(name, train as SessionLog, panel, {
      k,
      onTrial: (trial) => onProgress?.({ stage: `tuning ${name}`, share, note: `trial ${trial}` }),
      ...(signal && { signal }),
    })
    const tuned = { kind: 'baseline', name, settings, fittedOn: 'train' } as const
    const theirs = await measureAs(name, place + before, tuned)
    reports[name] = { ...compared(theirs), settings, trials, tuning_cases: cases }
  }
  /** Timed once other rankers are done: threads are idle by then. */
  async function factsOfRevision(manifest: Manifest, of: ModelSource): Promise<RevisionFacts> {
    const { p50, p99 } = await timeLists(openModel, of, sessions, { ...options, contexts })
    return {
      revision: manifest.revision,
      precision: of.precision,
      bytes: bytesOf(manifest),
      p50_ms: p50,
      p99_ms: p99,
    }
  }
  const vary = (stage: string, variants: readonly Variant[]): Promise<VariantReport[]> =>
    measureVariants(source, variants, sessions, {
      panel,
      items: model.manifest.items,
      k,
      minPrefix,
      contexts,
      counts,
      ...(signal && { signal }),
      onProgress: (name, share) => onProgress?.({ stage: `${stage}: ${name}`, share }),
    })
  const fresh =
    counts &&
    (await rankNewItems(model, [...questionsOf(sessions, minPrefix)], counts, {
      k,
      ...(signal && { signal }),
    }))
  const { cases, hit_rate, mrr, ndcg } = ratesOf(ours.ranks)
  return {
    cases,
    hit_rate,
    mrr,
    ndcg,
    ...exposed(ours),
    ...(await factsOfRevision(model.manifest, source)),
    model: model.manifest.id,
    k,
    min_prefix: minPrefix,
    sessions: sessions.length,
    by_prefix: ratesByPrefix(ours.ranks, facts.prefixLengths),
    ...(first && {
      starter: {
        ...compared(first),
        items: starter.items,
        bytes: artifactOf(model.manifest, 'starter')!.bytes,
      },
    }),
    ...(toAnybody && { unknown_shopper: compared(toAnybody) }),
    ...(others.length > 0 && { against: others }),
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
