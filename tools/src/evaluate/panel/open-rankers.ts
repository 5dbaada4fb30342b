/** Opens rankers by what names them, one at a time: the one before is let go. */
import { VitrineError } from '@vitrine/contracts'
import { type Model, rankNext } from '@vitrine/recommender'
import type { SessionLog } from '../../data/session-log.ts'
import { type BaselineName, type FittedBaseline, createBaselines } from '../baselines/families.ts'
import type { Ranker } from '../measure-ranker.ts'
import type { ModelSource, RankerSource, StarterSource } from './panel.ts'

/** Opens what is in a revision folder. */
export type OpenModel = (source: ModelSource | StarterSource, signal?: AbortSignal) => Promise<Model>

/** Where rankers come from. */
export interface RankerOrigins {
  openModel: OpenModel
  /** What baselines are fitted on. */
  train?: SessionLog | undefined
}

/** Opened rankers. */
export interface Rankers {
  of(source: RankerSource, signal?: AbortSignal): Promise<Ranker>
  close(): void
}

/** Nothing is opened or fitted before it is asked for. */
export function createRankers({ openModel, train }: RankerOrigins): Rankers {
  let current: { key: string; rank: Ranker } | undefined
  let model: Model | undefined
  let fitted: { name: BaselineName; baseline: FittedBaseline } | undefined
  const open = async (source: RankerSource, signal?: AbortSignal): Promise<Ranker> => {
    model?.dispose()
    model = undefined
    if (source.kind !== 'baseline') {
      const opened = await openModel(source, signal)
      model = opened
      return (prefix, k, shopper) => rankNext(opened, prefix, k, shopper)
    }
    if (!train) throw new VitrineError('INTERNAL', `Nothing to fit ${source.name} on.`)
    const { name, settings, fittedOn } = source
    // What another one has counted is not asked for again.
    if (fitted?.name !== name) fitted = { name, baseline: createBaselines(train, name) }
    return fitted.baseline(fittedOn, settings, signal)
  }
  return {
    async of(source, signal) {
      const key = JSON.stringify(source)
      if (current?.key === key) return current.rank
      current = undefined
      const rank = await open(source, signal)
      current = { key, rank }
      return rank
    },
    close() {
      model?.dispose()
      model = undefined
      current = undefined
      fitted = undefined
    },
  }
}
