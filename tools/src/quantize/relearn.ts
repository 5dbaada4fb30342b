/**
 * A smaller model that learns again: its embeddings go on training in the dimensions that are left, and its ranker
 * learns on the lists that the smaller tables give, from the sessions alone or from a larger model besides.
 */
import type { Embeddings, Encoder, Evidence, Graph, StoredReranker } from '@vitrine/recommender'
import { type RankerLists, collectLists, learnRanker } from '../train/learn-ranker.ts'
import type { LearningBasis } from '../train/learning-basis.ts'
import { objective } from '../train/measure.ts'
import type { Run } from '../train/run.ts'
import { chooseSessionRecipe } from '../train/session-recipe.ts'
import { type Sessions, casesOf } from '../train/sessions.ts'
import { trainSessionEncoder } from '../train/train-session-encoder.ts'
import type { StageMetrics } from '../train/types.ts'
import { quantizeRows } from './int8.ts'
import { projectOnPrincipal } from './principal.ts'
import { strongestEdges } from './strongest-edges.ts'
import { createTeacher, sharesOf } from './teacher.ts'

/** How small, and who teaches. */
export interface Relearning {
  /** Dimensions kept of the embeddings; all where missing. */
  dimension?: number | undefined
  /** Edges kept of each item; all where missing. */
  edges?: number | undefined
  /** Units of the ranker's hidden layer; as always where missing. */
  hidden?: number | undefined
  /** Bits of a number in the embeddings that the ranker is to learn with. */
  bits: 4 | 8
  /** Whether a larger model teaches the ranker. */
  isTaught: boolean
}

/** What was learned, in float32. */
export interface Relearned {
  evidence: Evidence
  reranker: StoredReranker
  /** On the newest fifth of the tail, the last one chosen. */
  stages: StageMetrics[]
}

/** Epochs that embeddings go on for, at half the usual rate: they are there already, only in fewer dimensions. */
const EPOCHS = 3
const RATE = 1e-3

/** Makes the model of `basis` smaller and lets it learn again. */
export async function relearn(
  basis: LearningBasis,
  { dimension, edges, hidden, bits, isTaught }: Relearning,
  run: Run,
): Promise<Relearned> {
  const { revision, sessions, seed, parts, onHead } = basis
  const thinner = (graph: Graph): Graph => (edges === undefined ? graph : strongestEdges(graph, edges))
  const narrower = (evidence: Evidence, from: Sessions): Promise<Tables> | Tables =>
    dimension === undefined ? evidence : goOn(projectOnPrincipal(evidence, dimension), from, seed, run)

  run.report('embeddings', 0.1, 'training in the dimensions that are left')
  const [head, all] = await Promise.all([narrower(onHead, parts.head), narrower(revision.evidence, sessions)])
  const small: Evidence = {
    ...onHead,
    graph: thinner(onHead.graph),
    embeddings: rounded(head.embeddings, bits),
    encoder: head.encoder,
  }
  run.report('ranker', 0.5, 'gathering candidates')
  const lists = await collectLists(small, parts, run.pause)
  const options = { seed, ...(hidden !== undefined && { hidden }) }
  const alone = await learnRanker(lists, options, run)
  const stages = [...alone.stages]
  let taught: Awaited<ReturnType<typeof learnFromTeacher>> | undefined
  if (isTaught) {
    taught = await learnFromTeacher(basis, lists, options, run)
    stages.push(...taught.stages)
    // A teacher has to earn its place as the network does.
    if (objective(taught.stages.at(-1)!) <= objective(alone.stages.at(-1)!)) taught = undefined
  }
  return {
    evidence: {
      ...revision.evidence,
      graph: thinner(revision.evidence.graph),
      embeddings: all.embeddings,
      encoder: all.encoder,
    },
    reranker: taught?.reranker ?? (await alone.onAll()),
    stages,
  }
}

interface Tables {
  embeddings: Embeddings
  encoder: Encoder
}

async function learnFromTeacher(
  basis: LearningBasis,
  lists: RankerLists,
  options: { seed: number; hidden?: number },
  run: Run,
): Promise<{ reranker: StoredReranker; stages: StageMetrics[] }> {
  run.report('ranker', 0.7, 'training the teacher')
  const teacher = await createTeacher(basis, run)
  const shares = sharesOf(teacher, lists.learned)
  const { reranker, stages } = await learnRanker(lists, { ...options, shares }, run)
  return { reranker, stages: [teacher.stage, { ...stages.at(-1)!, name: 'taught network' }] }
}

/** Trains on from tables whose dimensions were cut. */
async function goOn(
  { embeddings, encoder }: Tables,
  sessions: Sessions,
  seed: number,
  { signal, budgetMs }: Run,
): Promise<Tables> {
  const { count, dimension } = embeddings
  const start = unitRows(embeddings)
  const learned = await trainSessionEncoder(
    sessions,
    count,
    {
      ...chooseSessionRecipe(count, casesOf(sessions).targets.length, budgetMs),
      dimension,
      epochs: EPOCHS,
      rate: RATE,
      temperature: encoder.temperature,
    },
    { seed, start: { embeddings: start, encoder }, ...(signal && { signal }) },
  )
  const values = Float32Array.from(learned.embeddings.values)
  // Items without events learn nothing and come back as zero: they stay where their content placed them.
  for (let at = 0; at < values.length; at += dimension) {
    const row = values.subarray(at, at + dimension)
    if (row.every((value) => value === 0)) row.set(start.subarray(at, at + dimension))
  }
  return {
    embeddings: { ...learned.embeddings, values },
    encoder: { ...learned.encoder, priorWeight: encoder.priorWeight },
  }
}

/** Rows of length 1, which training expects; rows of zeros stay. */
function unitRows({ dimension, values, scales }: Embeddings): Float32Array {
  const rows = new Float32Array(values.length)
  for (let item = 0; item < scales.length; item++) {
    let squares = 0
    for (let i = item * dimension; i < (item + 1) * dimension; i++) squares += values[i]! ** 2
    const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0
    for (let i = item * dimension; i < (item + 1) * dimension; i++) rows[i] = factor * values[i]!
  }
  return rows
}

/** As a device has them. */
function rounded({ count, dimension, values, scales }: Embeddings, bits: 4 | 8): Embeddings {
  const decoded = Float32Array.from(values, (value, i) => value * scales[Math.floor(i / dimension)]!)
  const rows = quantizeRows(decoded, dimension, { most: bits === 4 ? 7 : 127 })
  return { count, dimension, values: rows.values, scales: rows.scales }
}
