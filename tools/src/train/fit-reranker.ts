/** Learning to rank: a small network trained listwise (softmax cross-entropy over the candidates) with Adam. */
import {
  COLUMNS,
  type CandidateSettings,
  FEATURE_COUNT,
  FEATURE_NAMES,
  type FeatureName,
  type StoredReranker,
  foldNormalization,
  scoreRows,
} from '@vitrine/recommender'
import { type Quality, RankSum, rankOf } from './measure.ts'
import { Numerics } from './numerics.ts'
import { normal, shuffle } from './random.ts'
import type { RankingCases } from './ranking-cases.ts'

/** How to learn. */
export interface RerankerOptions {
  readonly candidates: CandidateSettings
  /** Units of a network's hidden layer, divisible by 8. */
  readonly hidden: number
  /** Networks from different beginnings whose mean ranks, one where missing: side by side they are one wider network. */
  readonly networks?: number
  /** Of each network. */
  readonly epochs: number
  readonly random: () => number
  /** What it may read; all features where missing. One that never varies teaches nothing and is left out. */
  readonly features?: readonly FeatureName[]
  /**
   * `[rows]` how much of its case each candidate is to have, in place of 1 for the target: what a teacher says.
   * Cases whose target is no candidate then teach as well.
   */
  readonly shares?: Float32Array
  /** Awaited after each epoch, counted over all networks, with its mean loss. */
  readonly onEpoch: (epoch: number, loss: number) => Promise<void>
}

const RATE = 3e-3
/** Share of the hidden weights that the first epoch takes away again, falling like the rate: little data is not learned by heart. */
const DECAY = 0.2
const BATCH = 32
/** Dividing by less would make noise of a feature that is always the same. */
const LEAST_VARIANCE = 1e-8

/** Learns to put the target of each of `cases` first. Cases that name no candidate are left out. */
export async function fitReranker(cases: RankingCases, options: RerankerOptions): Promise<StoredReranker> {
  const { hidden, networks = 1, epochs, random } = options
  const { features: allowed = FEATURE_NAMES, shares = sharesOfTargets(cases) } = options
  const { means, deviations, varies } = measureColumns(cases)
  const features = allowed.filter((name) => varies(COLUMNS[name]))
  const columns = features.map((name) => COLUMNS[name])
  // Inputs of a candidate in memory: the features, zeros, and a 1 for the biases in the last place.
  const width = 4 * Math.ceil((columns.length + 1) / 4)
  const taught = Uint32Array.from(cases.targets.keys()).filter((c) => teaches(cases, shares, c))
  const training = await Numerics.create()
  try {
    const sizes = [cases.items.length, cases.targets.length, taught.length, width, hidden, rowsOfBatch(cases)]
    training.reserve(training.call('placeRankerTables', ...sizes) >>> 0)
    fillTables(training, cases, { means, deviations, columns, width, shares })
    await training.callOnThread('placeRankerTables', ...sizes)
    const steps = Math.ceil(taught.length / BATCH)
    const caseOrder = training.integers('caseOrder', taught.length)
    const learned: Network[] = []
    for (let network = 0; network < networks; network++) {
      beginNetwork(training, { inputs: columns.length, width, hidden }, random)
      const order = taught.slice()
      for (let epoch = 0; epoch < epochs; epoch++) {
        shuffle(order, random)
        caseOrder.set(order)
        const turn = [order.length, BATCH, epoch * steps, epochs * steps, RATE]
        const loss = await training.callOnThread('takeRankerSteps', ...turn)
        shrink(training, (width - 1) * hidden, DECAY * (1 - epoch / epochs))
        await options.onEpoch(network * epochs + epoch, loss / Math.max(1, order.length))
      }
      learned.push(readNetwork(training, { inputs: columns.length, width, hidden }))
    }
    return {
      candidates: options.candidates,
      features,
      means: columns.map((column) => means[column]!),
      deviations: columns.map((column) => deviations[column]!),
      layers: sideBySide(learned, columns.length, hidden),
    }
  } finally {
    await training.dispose()
  }
}

/** What one network learned. */
interface Network {
  /** `[hidden, columns]`, and `[hidden]`. */
  readonly weights: Float32Array
  readonly biases: Float32Array
  /** `[hidden]`. */
  readonly output: Float32Array
}

/** The size of one network, `width` being that of its inputs in memory. */
interface Shape {
  readonly inputs: number
  readonly width: number
  readonly hidden: number
}

/** Draws weights for the inputs; nothing is left of a network before. */
function beginNetwork(training: Numerics, { inputs, width, hidden }: Shape, random: () => number): void {
  training.bytes('hiddenWeights', 'outputSlopes').fill(0)
  const weights = training.floats('hiddenWeights', width * hidden)
  for (let i = 0; i < inputs * hidden; i++) weights[i] = Math.sqrt(2 / inputs) * normal(random)
  const output = training.floats('outputWeights', hidden)
  for (let unit = 0; unit < hidden; unit++) output[unit] = Math.sqrt(1 / hidden) * normal(random)
}

/** Takes `share` of the hidden weights away; the biases behind them are left as they are. */
function shrink(training: Numerics, size: number, share: number): void {
  const weights = training.floats('hiddenWeights', size)
  for (let i = 0; i < weights.length; i++) weights[i]! *= 1 - share
}

function readNetwork(training: Numerics, { inputs, width, hidden }: Shape): Network {
  const learned = training.floats('hiddenWeights', width * hidden)
  const weights = new Float32Array(hidden * inputs)
  for (let unit = 0; unit < hidden; unit++) {
    for (let i = 0; i < inputs; i++) weights[unit * inputs + i] = learned[i * hidden + unit]!
  }
  return {
    weights,
    biases: learned.slice((width - 1) * hidden),
    output: training.floats('outputWeights', hidden).slice(),
  }
}

/** The mean of `networks` as one, whose hidden layer holds all of theirs. */
function sideBySide(networks: readonly Network[], inputs: number, hidden: number): StoredReranker['layers'] {
  const outputs = networks.length * hidden
  const weights = new Float32Array(outputs * inputs)
  const biases = new Float32Array(outputs)
  const output = new Float32Array(outputs)
  for (const [n, network] of networks.entries()) {
    weights.set(network.weights, n * hidden * inputs)
    biases.set(network.biases, n * hidden)
    output.set(
      network.output.map((weight) => weight / networks.length),
      n * hidden,
    )
  }
  return [
    { inputs, outputs, weights, biases },
    { inputs: outputs, outputs: 1, weights: output, biases: [0] },
  ]
}

/** All of a case for its target. */
function sharesOfTargets({ offsets, targets }: RankingCases): Float32Array {
  const shares = new Float32Array(offsets.at(-1)!)
  for (const [c, target] of targets.entries()) if (target >= 0) shares[offsets[c]! + target] = 1
  return shares
}

function teaches({ offsets }: RankingCases, shares: Float32Array, c: number): boolean {
  return shares.subarray(offsets[c], offsets[c + 1]).some((share) => share > 0)
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

interface ColumnFacts {
  readonly means: Float64Array
  readonly deviations: Float64Array
  readonly varies: (column: number) => boolean
}

function measureColumns({ features }: RankingCases): ColumnFacts {
  const width = FEATURE_COUNT
  const rows = Math.max(1, features.length / width)
  const means = new Float64Array(width)
  const squares = new Float64Array(width)
  for (let i = 0; i < features.length; i++) means[i % width]! += features[i]! / rows
  for (let i = 0; i < features.length; i++)
    squares[i % width]! += (features[i]! - means[i % width]!) ** 2 / rows
  return { means, deviations: squares.map(Math.sqrt), varies: (column) => squares[column]! > LEAST_VARIANCE }
}

/** Returns the most candidates that a batch can have. */
function rowsOfBatch({ offsets }: RankingCases): number {
  let most = 0
  for (let c = 1; c < offsets.length; c++) most = Math.max(most, offsets[c]! - offsets[c - 1]!)
  return BATCH * most
}

function fillTables(
  training: Numerics,
  { features, offsets }: RankingCases,
  {
    means,
    deviations,
    columns,
    width,
    shares,
  }: {
    means: Float64Array
    deviations: Float64Array
    /** Of the features that may be read; the others stay 0. */
    columns: readonly number[]
    width: number
    shares: Float32Array
  },
): void {
  const rows = features.length / FEATURE_COUNT
  const table = training.floats('candidates', rows * width)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!
      table[row * width + i] =
        (features[row * FEATURE_COUNT + column]! - means[column]!) / deviations[column]!
    }
    table[row * width + width - 1] = 1
  }
  training.integers('caseOffsets', offsets.length).set(offsets)
  training.floats('targetShares', rows).set(shares)
}
