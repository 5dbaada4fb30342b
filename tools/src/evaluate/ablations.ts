/** The parts of the model that can be taken away, each with what then ranks in its place. */
import {
  type CandidateSettings,
  FEATURE_NAMES,
  type FeatureName,
  type StoredReranker,
} from '@vitrine/recommender'
import { CANDIDATES, collectLists, learnRanker } from '../train/learn-ranker.ts'
import type { LearningBasis } from '../train/learning-basis.ts'
import { PLAIN_RERANKER } from '../train/plain-reranker.ts'
import type { Run } from '../train/run.ts'

/** A ranker that does without something. */
export interface Ablation {
  readonly name: string
  readonly reranker: StoredReranker
}

/** Features by what they say, told by their names; the first that fits counts. */
const GROUPS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['graph', /^graph/u],
  ['two hops', /^hops/u],
  ['the catalogue', /^(?:category|price|title)/u],
  ['the shopper', /^(?:past|isPast|inCart|wasBought|lastAct|cartSize)/u],
  ['embeddings', /^(?:dense|cosine|coherence)/u],
  ['popularity', /popularity/iu],
  ['repetition', /^(?:recency|inHistory|occurrences|is[A-Z])/u],
  ['the history as a whole', /./u],
]

function featuresOf(group: string): FeatureName[] {
  return FEATURE_NAMES.filter((name) => GROUPS.find(([, pattern]) => pattern.test(name))![0] === group)
}

const GRAPH_ALONE: CandidateSettings = { ...CANDIDATES, hopSeeds: 0, enough: 0 }
const SCAN_ALONE: CandidateSettings = { ...CANDIDATES, limit: 1, hopSeeds: 0 }

/** One feature is the score. */
function ranksBy(feature: FeatureName, candidates: CandidateSettings): StoredReranker {
  return {
    candidates,
    features: [feature],
    means: [0],
    deviations: [1],
    layers: [{ inputs: 1, outputs: 1, weights: [1], biases: [0] }],
  }
}

/** All features but those of a group. */
function without(group: string): FeatureName[] {
  const hidden = new Set(featuresOf(group))
  return FEATURE_NAMES.filter((name) => !hidden.has(name))
}

/**
 * Returns the model's parts and the model without each of them. Where something is taken from the ranker, it learns
 * again without it, on the same lists and by the same seed: what is measured is what the part is worth, not how badly
 * a ranker misses what it has learned to rely on.
 */
export async function ablate(basis: LearningBasis, seed: number, run: Run): Promise<Ablation[]> {
  const { onHead, parts, revision } = basis
  const named = new Set(revision.reranker.features)
  const { candidates } = parts
  const found: Ablation[] = [
    { name: 'graph alone', reranker: ranksBy('graph', GRAPH_ALONE) },
    { name: 'embeddings alone', reranker: ranksBy('dense', SCAN_ALONE) },
    { name: 'no ranker: a plain weighted sum', reranker: { ...PLAIN_RERANKER, candidates } },
  ]
  const learn = async (
    cases: readonly { name: string; features: readonly FeatureName[] }[],
    candidates: CandidateSettings,
  ): Promise<void> => {
    run.report('ranker', 0, `lists for ${cases.map(({ name }) => name).join(', ')}`)
    const lists = await collectLists(onHead, parts, run.pause, candidates)
    for (const { name, features } of cases) {
      run.report('ranker', 0, name)
      const { onAll } = await learnRanker(lists, { seed, features }, run)
      found.push({ name, reranker: await onAll() })
    }
  }
  await learn(
    [
      {
        name: 'graph and embeddings alone, ranked',
        features: [...featuresOf('graph'), ...featuresOf('embeddings')],
      },
      ...GROUPS.filter(
        ([name]) => name !== 'two hops' && featuresOf(name).some((feature) => named.has(feature)),
      ).map(([name]) => ({
        name: `no features of ${name}`,
        features: without(name),
      })),
    ],
    candidates,
  )
  await learn([{ name: 'no two hops', features: without('two hops') }], { ...candidates, hopSeeds: 0 })
  await learn([{ name: 'no candidates of the scan', features: FEATURE_NAMES }], { ...candidates, enough: 0 })
  if (parts.known) {
    const { past: _, ...others } = candidates
    await learn([{ name: 'the shopper unknown', features: without('the shopper') }], others)
  }
  return found
}
