/** The encoder for factorised embeddings: how much the last item speaks, how fast the others fade. */
import {
  type Embeddings,
  type Encoder,
  type Statistics,
  createScan,
  encodeHistory,
} from '@vitrine/recommender'
import { quantizeRows } from '../quantize/int8.ts'
import { type Eigenpairs, embed } from './factorize.ts'
import { LIST_LENGTH, type Quality, RankSum, objective } from './measure.ts'
import { POSITIONS } from './session-recipe.ts'
import { type Cases, historyOf, targetOf } from './sessions.ts'

/** Scale of the logits: with it, a softmax over cosines is neither flat nor all on one item. */
const TEMPERATURE = 16

interface EncoderSettings {
  /** Exponent of the eigenvalues: 0 weighs all directions alike, 1 as the matrix does. */
  power: number
  /** Share of the last item in the query, beside the mean of all. */
  lastShare: number
  /** Logits of the positions fall by this a step. */
  fading: number
  priorWeight: number
}

const GRID: readonly (readonly [keyof EncoderSettings, readonly number[]])[] = [
  ['power', [0.25, 0.5, 0.75]],
  ['lastShare', [0.2, 0.4, 0.6, 0.8]],
  ['fading', [0.1, 0.3, 0.6, 1]],
  ['priorWeight', [0, 0.2, 0.4, 0.8]],
]

const START: EncoderSettings = { power: 0.5, lastShare: 0.6, fading: 0.3, priorWeight: 0.2 }

/** What was found. */
export interface FittedEncoder {
  readonly encoder: Encoder
  /** Exponent of the eigenvalues, for embedding a later factorisation alike. */
  readonly power: number
  readonly quality: Quality
}

/** The settings that the search begins with, for data without any case to measure on. */
export function unmeasuredEncoder(dimension: number): Pick<FittedEncoder, 'encoder' | 'power'> {
  return { encoder: encoderOf(dimension, START), power: START.power }
}

/** Chooses the encoder's few settings, one after the other, by how well the scan alone predicts `cases`. */
export async function fitEncoder(
  pairs: Eigenpairs,
  statistics: Statistics,
  cases: Cases,
  pause: () => Promise<void>,
): Promise<FittedEncoder> {
  let settings = START
  let quality = await measure(settings)
  for (const [name, values] of GRID) {
    for (const value of values) {
      if (value === settings[name]) continue
      const candidate = { ...settings, [name]: value }
      const found = await measure(candidate)
      if (objective(found) > objective(quality)) {
        settings = candidate
        quality = found
      }
      await pause()
    }
  }
  return { encoder: encoderOf(pairs.values.length, settings), power: settings.power, quality }

  async function measure(tried: EncoderSettings): Promise<Quality> {
    const dimension = pairs.values.length
    const { values, scales } = quantizeRows(embed(pairs, tried.power), dimension)
    const embeddings = { count: statistics.count, dimension, values, scales }
    return measureScan(embeddings, encoderOf(dimension, tried), statistics, cases)
  }
}

function encoderOf(dimension: number, { lastShare, fading, priorWeight }: EncoderSettings): Encoder {
  const weights = new Float32Array(2 * dimension * dimension)
  for (let row = 0; row < dimension; row++) {
    weights[row * 2 * dimension + row] = lastShare
    weights[row * 2 * dimension + dimension + row] = 1 - lastShare
  }
  const positions = Float32Array.from({ length: POSITIONS }, (_, step) => -fading * step)
  return { dimension, temperature: TEMPERATURE, priorWeight, positions, weights }
}

/** Returns the quality of the scan's list alone. */
export async function measureScan(
  embeddings: Embeddings,
  encoder: Encoder,
  statistics: Statistics,
  cases: Cases,
): Promise<Quality> {
  const scan = await createScan({ embeddings, statistics })
  try {
    const sum = new RankSum()
    const query = new Float32Array(encoder.dimension)
    const input = new Float32Array(2 * encoder.dimension)
    for (let c = 0; c < cases.targets.length; c++) {
      encodeHistory(encoder, embeddings, historyOf(cases, c), input, query)
      const vector = query.map((value) => value * encoder.temperature)
      const { indices } = await scan.search({ vector, k: LIST_LENGTH, biasWeight: encoder.priorWeight })
      sum.add(indices.indexOf(targetOf(cases, c)))
    }
    return sum.quality
  } finally {
    scan.dispose()
  }
}
