/** Learning to rank: a small network trained listwise (softmax cross-entropy over the candidates) with Adam. */
import {
  type CandidateSettings,
  FEATURE_COUNT,
  FEATURE_NAMES,
  type Layer,
  type StoredReranker,
  foldNormalization,
  scoreRows,
} from '@vitrine/recommender'
import { type Quality, RankSum, rankOf } from './measure.ts'
import { normal, shuffle } from './random.ts'
import type { RankingCases } from './ranking-cases.ts'

/** How to learn. */
export interface RerankerOptions {
  readonly candidates: CandidateSettings
  /** Units of the hidden layer. */
  readonly hidden: number
  readonly epochs: number
  readonly random: () => number
  /** Awaited after each epoch with its mean loss. */
  readonly onEpoch: (epoch: number, loss: number) => Promise<void>
}

const RATE = 3e-3
const BATCH = 32
/** A candidate with less probability than this teaches nothing that is worth its time. */
const NEGLIGIBLE = 1e-4

/** Learns to put the target of each of `cases` first. Cases whose target is no candidate are left out. */
export async function fitReranker(cases: RankingCases, options: RerankerOptions): Promise<StoredReranker> {
  const { hidden, epochs, random } = options
  const { means, deviations } = measureColumns(cases)
  const inputs = normalized(cases.features, means, deviations)
  const network = createNetwork(hidden, random)
  const order = Uint32Array.from(cases.targets.keys()).filter((c) => cases.targets[c]! >= 0)
  const steps = epochs * Math.ceil(order.length / BATCH)
  let step = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random)
    let loss = 0
    for (let start = 0; start < order.length; start += BATCH) {
      const batch = order.subarray(start, start + BATCH)
      for (const c of batch) loss += addGradient(network, inputs, cases, c)
      takeStep(network, batch.length, ++step, RATE * (1 - step / (steps + 1)))
    }
    await options.onEpoch(epoch, loss / Math.max(1, order.length))
  }
  const { w1, b1, w2 } = network
  const layers: Layer[] = [
    { inputs: FEATURE_COUNT, outputs: hidden, weights: w1.value, biases: b1.value },
    { inputs: hidden, outputs: 1, weights: w2.value, biases: [0] },
  ]
  return { candidates: options.candidates, features: FEATURE_NAMES, means, deviations, layers }
}

/** Returns the quality of `reranker` on `cases`; a target that is no candidate counts as missed. */
export function measureReranker(reranker: StoredReranker, cases: RankingCases): Quality {
  const folded = foldNormalization(reranker)
  const sum = new RankSum()
  let scores = new Float32Array(1024)
  for (let c = 0; c < cases.targets.length; c++) {
    const first = cases.offsets[c]!
    const count = cases.offsets[c + 1]! - first
    if (count > scores.length) scores = new Float32Array(2 * count)
    scoreRows(folded, cases.features.subarray(first * FEATURE_COUNT), count, scores)
    sum.add(rankOf(scores, cases.items.subarray(first, first + count), count, cases.targets[c]!))
  }
  return sum.quality
}

function measureColumns({ features }: RankingCases): { means: Float64Array; deviations: Float64Array } {
  const width = FEATURE_COUNT
  const rows = Math.max(1, features.length / width)
  const means = new Float64Array(width)
  const squares = new Float64Array(width)
  for (let i = 0; i < features.length; i++) means[i % width]! += features[i]! / rows
  for (let i = 0; i < features.length; i++)
    squares[i % width]! += (features[i]! - means[i % width]!) ** 2 / rows
  // A feature that never varies stays as it is: dividing by nearly nothing would make noise of it.
  return { means, deviations: squares.map((square) => (square > 1e-8 ? Math.sqrt(square) : 1)) }
}

function normalized(features: Float32Array, means: Float64Array, deviations: Float64Array): Float32Array {
  const width = FEATURE_COUNT
  const inputs = new Float32Array(features.length)
  for (let i = 0; i < inputs.length; i++)
    inputs[i] = (features[i]! - means[i % width]!) / deviations[i % width]!
  return inputs
}

/** One tensor with Adam's moments. */
interface Parameter {
  readonly value: Float32Array
  readonly gradient: Float32Array
  readonly first: Float32Array
  readonly second: Float32Array
}

interface Network {
  readonly hidden: number
  readonly w1: Parameter
  readonly b1: Parameter
  readonly w2: Parameter
  /** Scratch: hidden activations and logits of one case. */
  activations: Float32Array
  logits: Float32Array
}

function createNetwork(hidden: number, random: () => number): Network {
  const parameter = (length: number, deviation: number): Parameter => ({
    value: Float32Array.from({ length }, () => deviation * normal(random)),
    gradient: new Float32Array(length),
    first: new Float32Array(length),
    second: new Float32Array(length),
  })
  return {
    hidden,
    w1: parameter(hidden * FEATURE_COUNT, Math.sqrt(2 / FEATURE_COUNT)),
    b1: parameter(hidden, 0),
    w2: parameter(hidden, Math.sqrt(1 / hidden)),
    activations: new Float32Array(1024 * hidden),
    logits: new Float32Array(1024),
  }
}

/** Adds the gradient of case `c` to the network's, and returns its loss. */
function addGradient(network: Network, inputs: Float32Array, cases: RankingCases, c: number): number {
  const { hidden, w1, b1, w2 } = network
  const width = FEATURE_COUNT
  const first = cases.offsets[c]!
  const count = cases.offsets[c + 1]! - first
  if (count > network.logits.length) {
    network.logits = new Float32Array(2 * count)
    network.activations = new Float32Array(2 * count * hidden)
  }
  const { logits, activations } = network
  let largest = -Infinity
  for (let i = 0; i < count; i++) {
    const at = (first + i) * width
    let logit = 0
    for (let h = 0; h < hidden; h++) {
      const row = h * width
      let sum = b1.value[h]!
      for (let f = 0; f < width; f++) sum += w1.value[row + f]! * inputs[at + f]!
      const active = sum > 0 ? sum : 0
      activations[i * hidden + h] = active
      logit += w2.value[h]! * active
    }
    logits[i] = logit
    if (logit > largest) largest = logit
  }
  let total = 0
  for (let i = 0; i < count; i++) total += Math.exp(logits[i]! - largest)
  const target = cases.targets[c]!
  for (let i = 0; i < count; i++) {
    const probability = Math.exp(logits[i]! - largest) / total
    const slope = i === target ? probability - 1 : probability
    if (Math.abs(slope) < NEGLIGIBLE) continue
    const at = (first + i) * width
    for (let h = 0; h < hidden; h++) {
      const active = activations[i * hidden + h]!
      if (!active) continue
      w2.gradient[h]! += slope * active
      const back = slope * w2.value[h]!
      b1.gradient[h]! += back
      const row = h * width
      for (let f = 0; f < width; f++) w1.gradient[row + f]! += back * inputs[at + f]!
    }
  }
  return largest + Math.log(total) - logits[target]!
}

/** One step of Adam (https://arxiv.org/abs/1412.6980) on the mean gradient of `batch` cases. */
function takeStep({ w1, b1, w2 }: Network, batch: number, step: number, rate: number): void {
  const corrected = (rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step)
  for (const { value, gradient, first, second } of [w1, b1, w2]) {
    for (let i = 0; i < value.length; i++) {
      const slope = gradient[i]! / batch
      first[i] = 0.9 * first[i]! + 0.1 * slope
      second[i] = 0.999 * second[i]! + 0.001 * slope * slope
      value[i]! -= (corrected * first[i]!) / (Math.sqrt(second[i]!) + 1e-8)
      gradient[i] = 0
    }
  }
}
