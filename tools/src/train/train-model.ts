/** Trains a revision: tuned on the newest sessions with the rest as evidence, then built again on all. */
import { VitrineError } from '@vitrine/contracts'
import { type Evidence, contextOf, readCatalogue, writeCatalogue } from '@vitrine/recommender'
import { withoutNewest } from './aggregated-pairs.ts'
import { placeNewItems } from './cold-start.ts'
import { countingOf } from './counting.ts'
import {
  type ChosenEmbeddings,
  type Trainings,
  chooseEmbeddings,
  embedPairsUnmeasured,
  startTrainings,
} from './embeddings.ts'
import { chooseBits } from './embedding-bits.ts'
import { chooseEdges } from './graph-edges.ts'
import { CANDIDATES, collectLists, learnRanker, partsOf, simplerStages } from './learn-ranker.ts'
import type { Quality } from './measure.ts'
import type { PairTable } from './pairs.ts'
import { PLAIN_RERANKER } from './plain-reranker.ts'
import { choosePrior } from './popularity.ts'
import { type Run, createRun } from './run.ts'
import { assertSizeBudget, embeddingBitsFor, mostEdgesOf } from './size-budget.ts'
import { type Cases, casesOf, sessionCount } from './sessions.ts'
import type { GraphTuning } from './graph-grid.ts'
import { tuneShelves } from './tune-shelves.ts'
import { TEXTBOOK_RECIPE, type TunedGraph, tuneGraph } from './tune-graph.ts'
import { TAIL_SHARE, TUNING_CASES } from './tuning-effort.ts'
import type { EarlierRevision } from './earlier-revision.ts'
import { strongestEdges } from '../quantize/strongest-edges.ts'
import { continueFrom } from './warm-start.ts'
import { type Decided, writeModel } from './write-model.ts'
import type { TrainInput, TrainOptions, TrainedModel } from './types.ts'

/**
 * Trains a model on `input`.
 *
 * @throws `VitrineError('TOO_LITTLE_DATA')` when no two items ever meet in a session, `INVALID_OPTIONS` when no model
 * of the catalogue is as small as was asked for, `CANCELLED` when the signal aborts.
 * @example
 * ```ts
 * const trained = await trainModel(
 *   { modelId: 'shop', catalogue, sessions, seed: 1, createdAt: new Date().toISOString() },
 *   { onProgress: ({ share, note }) => console.error(`${Math.round(100 * share)}% ${note}`) },
 * )
 * await writeRevision('models/shop/' + trained.manifest.revision, trained)
 * ```
 */
export async function trainModel(given: TrainInput, options: TrainOptions = {}): Promise<TrainedModel> {
  const run = createRun(options)
  const { sessions, types } = given
  const input = types ? { ...given, sessions: { ...sessions, types } } : given
  assertSizeBudget(input)
  if (input.from) return goOn(input, input.from, run)
  if (input.pairs && sessionCount(input.sessions) === 0) {
    return finish(input, textbookSettings(input, run), run)
  }
  const trainings = startTrainings(partsOf(input.sessions).head, input, run)
  try {
    return await finish(input, await chooseSettings(input, trainings, run), run)
  } finally {
    await trainings.stop()
  }
}

/** Builds everything again on all data, under settings that were chosen. */
async function finish(input: TrainInput, chosen: Chosen, run: Run): Promise<TrainedModel> {
  run.report('final', 0.9, 'counting everything again')
  const counted = await countEvidence(input, chosen, run)
  const { evidence, ...placed } = await placeNewItems(counted, input.catalogue, input.seed, run.pause)
  const { facts, onHead } = chosen.embeddings
  const model = await writeModel(input, { ...chosen, embeddings: facts }, evidence, run, placed)
  // Sessions that are a sample of what was counted elsewhere cannot be counted again.
  return { ...model, ...(onHead && !input.pairs && { onHead }) }
}

/** Learns what changed since an earlier revision, whose settings and ranker stay. */
async function goOn(input: TrainInput, earlier: EarlierRevision, run: Run): Promise<TrainedModel> {
  const { evidence: learned, losses, ...continued } = await continueFrom(input, earlier, run)
  const { evidence, ...placed } = await placeNewItems(learned, input.catalogue, input.seed, run.pause)
  const { dimension } = evidence.embeddings
  const chosen: Decided = {
    recipe: earlier.recipe,
    mostEdges: earlier.mostEdges,
    embeddings: { method: 'sessions', quality: {}, settings: { dimension }, losses },
    reranker: earlier.reranker,
    stages: [],
    trials: [],
    rankerLoss: [],
    tailCases: 0,
  }
  return writeModel(input, chosen, evidence, run, { ...continued, ...placed })
}

/** All that the tail decides. */
interface Chosen extends Omit<Decided, 'embeddings'> {
  readonly prior: number
  readonly embeddings: Pick<ChosenEmbeddings, 'onAll' | 'facts'> & Partial<Pick<ChosenEmbeddings, 'onHead'>>
}

/** What serves where no session says which settings are better. */
function textbookSettings(input: TrainInput, run: Run): Chosen {
  return {
    recipe: TEXTBOOK_RECIPE,
    mostEdges: mostEdgesOf(input),
    prior: 0,
    embeddings: embedPairsUnmeasured(input.seed, run),
    reranker: { ...PLAIN_RERANKER, candidates: CANDIDATES },
    stages: [],
    trials: [],
    rankerLoss: [],
    tailCases: 0,
  }
}

async function chooseSettings(input: TrainInput, trainings: Trainings, run: Run): Promise<Chosen> {
  const { sessions, catalogue, seed, pairs, shoppers: users, times, types } = input
  const ids = catalogue.map(({ id }) => id)
  const parts = partsOf(sessions, { ids, sessions, users, times, types })
  const { head, tail, heldOut, known } = parts
  const tuningCases = casesOf(tail, TUNING_CASES)

  const mostEdges = mostEdgesOf(input)
  run.report('graph', 0, `pairs of ${sessionCount(head)} sessions`)
  const counting = countingOf(head, catalogue.length, pairs && withoutNewest(pairs, TAIL_SHARE))
  const table = counting.listPairs()
  assertPairs(table, input)
  await run.pause()
  const { recipe, trials } = await tuneOnce(table, tuningCases, { ...input.tuning, mostEdges }, run)
  const graph = counting.buildGraph(table, recipe, mostEdges)
  const prior = choosePrior(counting.countPopularity(0), tuningCases).prior
  const statistics = counting.countPopularity(prior)

  const embeddings = await chooseEmbeddings(trainings, { table, recipe, statistics, tail, seed }, run)
  const evidence = {
    graph,
    statistics,
    ...embeddings.onHead,
    context: contextOf(asOnDevice(catalogue)),
  }

  run.report('ranker', 0.6, 'gathering candidates')
  const lists = await collectLists(evidence, parts, run.pause)
  const { reranker, stages, loss, onAll } = await learnRanker(lists, { seed }, run)
  const { embeddingBits = embeddingBitsFor(catalogue.length, input.sizeBudget), graphEdges } = input
  const withAll = stages.at(-1)!
  const edges =
    graphEdges === 'auto'
      ? await chooseEdges(evidence, { reranker, heldOut, known, withAll, most: mostEdges }, run)
      : mostEdges
  const bits =
    embeddingBits === 'auto' ? await chooseBits(evidence, reranker, parts, withAll, run) : embeddingBits
  const rankerOfAll = await onAll()
  run.report('ranker', 0.89, 'shelves of long history, likeness and trend')
  const shelves = await tuneShelves({
    // With the edges that devices will have.
    evidence: edges < mostEdges ? { ...evidence, graph: strongestEdges(evidence.graph, edges) } : evidence,
    sessions,
    shoppers: input.shoppers,
    types: input.types,
    first: sessionCount(head),
    seed,
    pause: run.pause,
  })
  return {
    recipe,
    mostEdges: edges,
    prior,
    embeddings,
    reranker: { ...rankerOfAll, shelves },
    bits,
    stages: [...simplerStages(evidence, heldOut), ...stages],
    trials,
    rankerLoss: loss,
    tailCases: tuningCases.targets.length,
  }
}

const TUNED = 'graph.json'

/** Tunes the graph, unless an earlier run that was stopped has done so. */
async function tuneOnce(
  table: PairTable,
  cases: Cases,
  tuning: GraphTuning & { mostEdges: number },
  run: Run,
): Promise<Pick<TunedGraph, 'recipe' | 'trials'>> {
  const kept = await run.checkpoints?.read(TUNED)
  // Written by the same release: the folder's fingerprint says so.
  if (kept) return JSON.parse(Buffer.from(kept).toString()) as TunedGraph
  const tuned = await tuneGraph(table, cases, {
    ...tuning,
    isOver: run.isOver,
    onTrial: async ({ setting, value, hitRate, mrr, kept }, tried) => {
      // How many trials there will be is not known; most searches end within a hundred.
      const share = 0.2 * (1 - Math.exp(-tried / 40))
      run.report('graph', share, `${setting} ${value}: ${percent({ hitRate, mrr })}${kept ? ', kept' : ''}`)
      await run.pause()
    },
  })
  await run.checkpoints?.write(TUNED, Buffer.from(JSON.stringify(tuned)))
  return tuned
}

/** Counts the evidence of all sessions under settings that were chosen. */
async function countEvidence(
  input: TrainInput,
  { recipe, mostEdges, prior, embeddings }: Pick<Chosen, 'recipe' | 'mostEdges' | 'prior' | 'embeddings'>,
  run: Run,
): Promise<Evidence> {
  const { sessions, catalogue, pairs } = input
  const counting = countingOf(sessions, catalogue.length, pairs)
  const table = counting.listPairs()
  await run.pause()
  const graph = counting.buildGraph(table, recipe, mostEdges)
  await run.pause()
  const statistics = counting.countPopularity(prior)
  return { graph, statistics, ...(await embeddings.onAll(table, recipe)) }
}

/** What a device reads of the catalogue. */
function asOnDevice(catalogue: TrainInput['catalogue']): ReturnType<typeof readCatalogue> {
  return readCatalogue(writeCatalogue(catalogue), { tested: true })
}

function assertPairs(table: PairTable, { sessions }: TrainInput): void {
  if (table.others.length > 0) return
  throw new VitrineError(
    'TOO_LITTLE_DATA',
    `No two items meet in any of ${sessionCount(sessions)} sessions (${sessions.items.length} events): ` +
      'check the session column, or collect more events.',
  )
}

function percent({ hitRate, mrr }: Quality): string {
  return `hit rate ${hitRate.toFixed(2)}, MRR ${mrr.toFixed(2)}`
}
