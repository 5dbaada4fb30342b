/** How long one list takes: on this thread, with nothing beside it. */
import { rankNext } from '@vitrine/recommender'
import { countCases } from './cases.ts'
import { measureRanker } from './measure-ranker.ts'
import { quantile } from './metrics.ts'
import type { OpenModel } from './panel/open-rankers.ts'
import type { AskOptions, ModelSource } from './panel/panel.ts'

/** Enough for a 99th percentile. */
const MOST_CASES = 4000
/** Share of the cases, the first ones, in which code is still being compiled. */
const WARM_UP = 0.25

/** Asks a model cases of sessions at even distances; median and 99th percentile in milliseconds. */
export async function timeLists(
  openModel: OpenModel,
  source: ModelSource,
  sessions: readonly (readonly string[])[],
  { k, minPrefix, contexts, signal }: AskOptions & { minPrefix: number },
): Promise<{ p50: number; p99: number }> {
  const every = Math.max(1, Math.ceil(countCases(sessions, minPrefix) / MOST_CASES))
  const model = await openModel(source, signal)
  try {
    const { ms } = await measureRanker(
      (prefix, length, shopper) => rankNext(model, prefix, length, shopper),
      sessions.filter((_, at) => at % every === 0),
      {
        k,
        minPrefix,
        contexts: contexts?.filter((_, at) => at % every === 0),
        ...(signal && { signal }),
      },
    )
    const warm = ms.subarray(Math.floor(WARM_UP * ms.length))
    return { p50: quantile(warm, 0.5), p99: quantile(warm, 0.99) }
  } finally {
    model.dispose()
  }
}
