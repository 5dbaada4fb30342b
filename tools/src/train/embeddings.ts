/**
 * Item embeddings with their encoder: trained on sessions, or factorised from pairs where data is so small
 * that this predicts the tail better.
 */
import type { Evidence, Statistics } from '@vitrine/recommender'
import { quantizeRows } from '../quantize/int8.ts'
import type { GraphRecipe } from './build-graph.ts'
import type { TrainedEncoders } from './encoder-weights.ts'
import { embed, factorize, mutualInformation } from './factorize.ts'
import { fitEncoder, measureScan, unmeasuredEncoder } from './fit-encoder.ts'
import { objective } from './measure.ts'
import { type PairTable, countPairs } from './pairs.ts'
import { createRandom } from './random.ts'
import type { Run } from './run.ts'
import type { SessionModel } from './session-model.ts'
import { type SessionRecipe, chooseSessionRecipe } from './session-recipe.ts'
import { type Sessions, casesOf } from './sessions.ts'
import { trainSessionEncoder } from './train-session-encoder.ts'
import type { EmbeddingFacts, TrainInput } from './types.ts'

/** The part of the evidence that is chosen here. */
type Embedded = Pick<Evidence, 'embeddings' | 'encoder'>

/** Embeddings on the head with which the ranker learns, and a way to the same on all sessions. */
export interface ChosenEmbeddings {
  /** int8, as a device has them. */
  readonly onHead: Embedded
  /** float32; may be asked for once. */
  readonly onAll: (table: PairTable, recipe: GraphRecipe) => Promise<Embedded>
  /** Complete once {@link onAll} has answered. */
  readonly facts: EmbeddingFacts
}

/** Two trainings of the session encoder that run beside what the main thread does. */
export interface Trainings {
  readonly recipe: SessionRecipe
  readonly head: Promise<SessionModel>
  readonly all: Promise<SessionModel>
  /** Share of the head's training that is done, and of the other. */
  readonly done: { head: number; all: number }
  readonly stop: () => Promise<void>
}

const FACTORIZED_DIMENSION = 64
const SMOOTHING = 20
/** Enough to tell the two methods apart. */
const COMPARED_CASES = 1_500
/** With more cases to learn from, trained embeddings were always better: factorising would cost time for nothing. */
const TRAINED_WINS_FROM = 50_000
const WATCH_MS = 1000

/** Starts training on `head` and on all sessions of `input` at once, each on a thread of its own. */
export function startTrainings(
  head: Sessions,
  { sessions, catalogue, seed, encoders, sizeBudget, embeddingBits }: TrainInput,
  run: Run,
): Trainings {
  if (encoders) return trainedElsewhere(encoders)
  const stopper = new AbortController()
  const signal = run.signal ? AbortSignal.any([run.signal, stopper.signal]) : stopper.signal
  const items = catalogue.length
  // One recipe for both: the ranker that learns with the one is used with the other.
  const recipe = chooseSessionRecipe(items, casesOf(sessions).targets.length, run.budgetMs, {
    sizeBudget,
    ...(embeddingBits !== undefined && { bits: embeddingBits === 'auto' ? 8 : embeddingBits }),
  })
  const done = { head: 0, all: 0 }
  const train = (part: keyof typeof done): Promise<SessionModel> =>
    trainSessionEncoder(part === 'head' ? head : sessions, items, recipe, {
      seed,
      signal,
      ...(run.checkpoints && { checkpoint: { store: run.checkpoints, name: `encoder-${part}.bin` } }),
      onProgress: (share) => (done[part] = share),
    })
  const running = { head: train('head'), all: train('all') }
  const settled = Promise.allSettled([running.head, running.all])
  return {
    recipe,
    ...running,
    done,
    stop: async () => {
      stopper.abort()
      await settled
    },
  }
}

function trainedElsewhere({ recipe, head, all }: TrainedEncoders): Trainings {
  return {
    recipe,
    head: Promise.resolve(head),
    all: Promise.resolve(all),
    done: { head: 1, all: 1 },
    stop: () => Promise.resolve(),
  }
}

/** Waits for the training on the head, and compares it with a factorisation where data is small. */
export async function chooseEmbeddings(
  trainings: Trainings,
  {
    table,
    recipe,
    statistics,
    tail,
    seed,
  }: { table: PairTable; recipe: GraphRecipe; statistics: Statistics; tail: Sessions; seed: number },
  run: Run,
): Promise<ChosenEmbeddings> {
  const trained = await watch(trainings.head, run, () => {
    run.report('embeddings', 0.2 + 0.4 * trainings.done.head, 'training the session encoder')
  })
  const cases = casesOf(tail, COMPARED_CASES)
  const onHead = { embeddings: rounded(trained.embeddings), encoder: trained.encoder }
  const sessions = await measureScan(onHead.embeddings, onHead.encoder, statistics, cases)
  const losses: number[] = []
  const bySessions: ChosenEmbeddings = {
    onHead,
    onAll: async () => {
      const { embeddings, encoder, ...rest } = await watch(trainings.all, run, () => {
        run.report('final', 0.9 + 0.06 * trainings.done.all, 'training the session encoder on all sessions')
      })
      losses.push(...rest.losses)
      return { embeddings, encoder }
    },
    facts: {
      method: 'sessions',
      quality: { sessions },
      settings: { ...trainings.recipe },
      losses,
      headLosses: trained.losses,
    },
  }
  if (table.others.length >= TRAINED_WINS_FROM) return bySessions

  run.report('embeddings', 0.55, 'factorising pairs to compare')
  const eigenpairs = await factorizePairs(table, recipe, seed, run)
  const { encoder, power, quality: pairs } = await fitEncoder(eigenpairs, statistics, cases, run.pause)
  const quality = { sessions, pairs }
  if (objective(sessions) >= objective(pairs)) {
    return { ...bySessions, facts: { ...bySessions.facts, quality } }
  }
  return {
    onHead: { embeddings: rounded(tableOf(embed(eigenpairs, power))), encoder },
    onAll: async (all, recipe) => {
      const embeddings = tableOf(embed(await factorizePairs(all, recipe, seed, run), power))
      return { embeddings, encoder }
    },
    facts: {
      method: 'pairs',
      quality,
      settings: { dimension: FACTORIZED_DIMENSION, power, priorWeight: encoder.priorWeight },
      losses: [],
      headLosses: trained.losses,
    },
  }
}

/** Embeddings factorised from pairs under textbook settings, where no session tells which are better. */
export function embedPairsUnmeasured(seed: number, run: Run): Pick<ChosenEmbeddings, 'onAll' | 'facts'> {
  const { encoder, power } = unmeasuredEncoder(FACTORIZED_DIMENSION)
  return {
    onAll: async (table, recipe) => ({
      embeddings: tableOf(embed(await factorizePairs(table, recipe, seed, run), power)),
      encoder,
    }),
    facts: {
      method: 'pairs',
      quality: {},
      settings: { dimension: FACTORIZED_DIMENSION, power, priorWeight: encoder.priorWeight },
      losses: [],
    },
  }
}

/** Waits for `training`, calling `report` now and then. */
async function watch<T>(training: Promise<T>, run: Run, report: () => void): Promise<T> {
  await run.pause()
  report()
  const timer = setInterval(report, WATCH_MS)
  try {
    return await training
  } finally {
    clearInterval(timer)
  }
}

function factorizePairs(
  table: PairTable,
  recipe: GraphRecipe,
  seed: number,
  run: Run,
): ReturnType<typeof factorize> {
  // Both directions alike: a factorisation of similarity needs a symmetric matrix.
  const pairs = countPairs(table, { ...recipe, backward: 1 })
  const information = mutualInformation(pairs, SMOOTHING)
  return factorize(information, FACTORIZED_DIMENSION, createRandom(seed ^ 0xe16e), run.pause)
}

function tableOf(values: Float32Array): Evidence['embeddings'] {
  const count = values.length / FACTORIZED_DIMENSION
  return { count, dimension: FACTORIZED_DIMENSION, values, scales: new Float32Array(count).fill(1) }
}

function rounded({ count, dimension, values }: Evidence['embeddings']): Evidence['embeddings'] {
  const rows = quantizeRows(Float32Array.from(values), dimension)
  return { count, dimension, values: rows.values, scales: rows.scales }
}
