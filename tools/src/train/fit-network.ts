/** Learning to rank: small networks trained listwise (softmax cross-entropy over the candidates) with Adam. */
import type { StoredNetwork } from '@vitrine/recommender'
import { Numerics } from './numerics.ts'
import { normal, shuffle } from './random.ts'

/** Lists to learn from. List c's candidates are rows `offsets[c]` to `offsets[c + 1] - 1`. */
export interface NetworkLists {
  readonly offsets: Uint32Array
  /** `[rows, width]` row-major. */
  readonly features: Float32Array
  readonly width: number
  /** `[rows]` how much of its list each candidate is to have. Lists in which none is to have any are left out. */
  readonly shares: Float32Array
}

/** How to learn. */
export interface NetworkOptions {
  /** Units of a network's hidden layer, divisible by 8. */
  readonly hidden: number
  /** Networks from different beginnings whose mean ranks, one where missing: side by side they are one wider network. */
  readonly networks?: number | undefined
  /** Of each network. */
  readonly epochs: number
  readonly random: () => number
  /** Awaited after each epoch, counted over all networks, with its mean loss. */
  readonly onEpoch: (epoch: number, loss: number) => Promise<void>
}

const RATE = 3e-3
/** Share of the hidden weights that the first epoch takes away again, falling like the rate: little data is not learned by heart. */
const DECAY = 0.2
const BATCH = 32
/** Dividing by less would make noise of a feature that is always the same. */
const LEAST_VARIANCE = 1e-8

/**
 * Learns to give the candidates of each list what they are to have.
 *
 * @param names Of the columns that may be read, by column. One that never varies teaches nothing and is left out.
 */
export async function fitNetwork<Name extends string>(
  lists: NetworkLists,
  names: ReadonlyMap<number, Name>,
  { hidden, networks = 1, epochs, random, onEpoch }: NetworkOptions,
): Promise<StoredNetwork<Name>> {
  const { offsets, shares } = lists
  const { means, deviations, varies } = measureColumns(lists)
  const columns = [...names.keys()].filter(varies)
  // Inputs of a candidate in memory: the features, zeros, and a 1 for the biases in the last place.
  const width = 4 * Math.ceil((columns.length + 1) / 4)
  const count = offsets.length - 1
  const taught = Uint32Array.from({ length: count }, (_, c) => c).filter((c) =>
    shares.subarray(offsets[c], offsets[c + 1]).some((share) => share > 0),
  )
  const training = await Numerics.create()
  try {
    const sizes = [shares.length, count, taught.length, width, hidden, rowsOfBatch(lists)]
    training.reserve(training.call('placeRankerTables', ...sizes) >>> 0)
    fillTables(training, lists, { means, deviations, columns, width })
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
        await onEpoch(network * epochs + epoch, loss / Math.max(1, order.length))
      }
      learned.push(readNetwork(training, { inputs: columns.length, width, hidden }))
    }
    return {
      features: columns.map((column) => names.get(column)!),
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
function sideBySide(
  networks: readonly Network[],
  inputs: number,
  hidden: number,
): StoredNetwork<string>['layers'] {
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

interface ColumnFacts {
  readonly means: Float64Array
  readonly deviations: Float64Array
  readonly varies: (column: number) => boolean
}

function measureColumns({ features, width }: NetworkLists): ColumnFacts {
  const rows = Math.max(1, features.length / width)
  const means = new Float64Array(width)
  const squares = new Float64Array(width)
  for (let i = 0; i < features.length; i++) means[i % width]! += features[i]! / rows
  for (let i = 0; i < features.length; i++)
    squares[i % width]! += (features[i]! - means[i % width]!) ** 2 / rows
  return { means, deviations: squares.map(Math.sqrt), varies: (column) => squares[column]! > LEAST_VARIANCE }
}

/** Returns the most candidates that a batch can have. */
function rowsOfBatch({ offsets }: NetworkLists): number {
  let most = 0
  for (let c = 1; c < offsets.length; c++) most = Math.max(most, offsets[c]! - offsets[c - 1]!)
  return BATCH * most
}

function fillTables(
  training: Numerics,
  { features, offsets, shares, width: stride }: NetworkLists,
  {
    means,
    deviations,
    columns,
    width,
  }: {
    means: Float64Array
    deviations: Float64Array
    /** Of the features that may be read; the others stay 0. */
    columns: readonly number[]
    width: number
  },
): void {
  const rows = shares.length
  const table = training.floats('candidates', rows * width)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!
      table[row * width + i] = (features[row * stride + column]! - means[column]!) / deviations[column]!
    }
    table[row * width + width - 1] = 1
  }
  training.integers('caseOffsets', offsets.length).set(offsets)
  training.floats('targetShares', rows).set(shares)
}
