/** The model in other settings, on a sample of the cases: with parts taken away, or the long tail's knob turned. */
import { type Difference, pairedBootstrap } from './bootstrap.ts'
import { type Exposure, type ExposureInput, exposureOf } from './exposure.ts'
import { type Contexts, type Measured, factsOf } from './measure-ranker.ts'
import { type Rates, ratesOf, reciprocalRank } from './metrics.ts'
import type { ModelSource, Panel } from './panel/panel.ts'

/** The model in another setting. */
export interface Variant {
  name: string
  source: ModelSource
}

/** What it answers, and it minus the model as it is. */
export interface VariantReport extends Rates, Exposure {
  name: string
  cases: number
  difference: { hit_rate: Difference; mrr: Difference }
}

/** Enough to tell half a point, few enough for a dozen variants. */
const MOST_CASES = 12_000

/** What to measure on. */
export interface VariantOptions {
  panel: Panel
  /** Items in the catalogue. */
  items: number
  k: number
  minPrefix: number
  /** What is known of each session. */
  contexts?: Contexts | undefined
  counts?: ExposureInput['counts'] | undefined
  onProgress?: (name: string, share: number) => void
  signal?: AbortSignal
}

/** Measures a model and its `variants` on the same sample of `sessions`; the model as it is comes first. */
export async function measureVariants(
  asItIs: ModelSource,
  variants: readonly Variant[],
  sessions: readonly (readonly string[])[],
  { panel, items, k, minPrefix, contexts, counts, onProgress, signal }: VariantOptions,
): Promise<VariantReport[]> {
  const isTaken = evenSample(sessions, minPrefix)
  const sample = sessions.filter((_, s) => isTaken(s))
  const known = contexts?.filter((_, s) => isTaken(s))
  const facts = factsOf(sample, minPrefix)
  const ask = ({ name, source }: Variant): Promise<Measured> =>
    panel.measure(source, sample, {
      k,
      minPrefix,
      contexts: known,
      ...(signal && { signal }),
      onProgress: (share) => onProgress?.(name, share),
    })
  const ours = await ask({ name: 'as it is', source: asItIs })
  const reports = [describe('as it is', ours)]
  for (const variant of variants) reports.push(describe(variant.name, await ask(variant)))
  return reports

  function describe(name: string, theirs: Measured): VariantReport {
    const { exposures, ranks } = theirs
    const difference = (value: (rank: number) => number): Difference =>
      pairedBootstrap(
        Float64Array.from(ranks, (rank, i) => value(rank) - value(ours.ranks[i]!)),
        facts.sessions,
      )
    return {
      name,
      ...ratesOf(ranks),
      ...exposureOf({ exposures, items, targets: facts.targets, ...(counts && { counts }) }),
      difference: { hit_rate: difference((rank) => (rank > 0 ? 1 : 0)), mrr: difference(reciprocalRank) },
    }
  }
}

/** Tells whole sessions at even distances, about {@link MOST_CASES} cases. */
function evenSample(
  sessions: readonly (readonly string[])[],
  minPrefix: number,
): (session: number) => boolean {
  const cases = sessions.reduce((sum, { length }) => sum + Math.max(0, length - minPrefix), 0)
  const share = Math.min(1, MOST_CASES / Math.max(1, cases))
  return (s) => Math.floor((s + 1) * share) > Math.floor(s * share)
}
