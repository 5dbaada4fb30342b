/** All baselines by name, each fitted once and then asked under many settings. */
import { type SessionLog, holdOut } from '../../data/session-log.ts'
import { TAIL_SHARE } from '../../train/tuning-effort.ts'
import type { Ranker } from '../measure-ranker.ts'
import type { Family, Settings } from './family.ts'
import { itemKnn, itemKnnPearson } from './item-knn.ts'
import { popularity, sessionPopularity } from './popularity.ts'
import { sequentialRules } from './sequential-rules.ts'
import { sessionKnn } from './session-knn.ts'
import { stan } from './stan.ts'

/** All baselines, the plainest first. */
export const BASELINES = [
  'popularity',
  'session-popularity',
  'item-knn',
  'item-knn-pearson',
  'sequential-rules',
  'session-knn',
  'stan',
] as const

/** One of {@link BASELINES}. */
export type BaselineName = (typeof BASELINES)[number]

/** All training sessions, or those before the tail that settings are chosen on. */
export type FittedOn = 'train' | 'head'

/** A family whose settings only the family itself knows. */
type AnyFamily = Family<Record<string, Settings[string]>>

const FAMILIES = {
  popularity,
  'session-popularity': sessionPopularity,
  'item-knn': itemKnn,
  'item-knn-pearson': itemKnnPearson,
  'sequential-rules': sequentialRules,
  'session-knn': sessionKnn,
  stan,
}

/** Where the search for a baseline's settings starts, and what it may try. */
export function searchOf(name: BaselineName): Pick<AnyFamily, 'start' | 'grid'> {
  return familyOf(name)
}

/** A baseline under settings of its grid. */
export type FittedBaseline = (fittedOn: FittedOn, settings: Settings, signal?: AbortSignal) => Ranker

/** Returns baseline `name`, fitted on `train` or its head when first asked for. */
export function createBaselines(train: SessionLog, name: BaselineName): FittedBaseline {
  const { fit } = familyOf(name)
  const fitted: Partial<Record<FittedOn, (settings: Settings) => Ranker>> = {}
  return (fittedOn, settings, signal) => {
    const rankers = (fitted[fittedOn] ??= fit(
      fittedOn === 'train' ? train : holdOut(train, TAIL_SHARE).train,
      signal,
    ))
    return rankers(settings)
  }
}

function familyOf(name: BaselineName): AnyFamily {
  // One of several families: each is consistent in itself, which a union of them cannot say.
  return FAMILIES[name] as unknown as AnyFamily
}
