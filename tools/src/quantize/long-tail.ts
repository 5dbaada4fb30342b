/**
 * The knob for the long tail: takes a share of the log popularity off every score. It is worked into the ranker's
 * own weights, so that a device needs to know nothing of it.
 */
import type { Layer, StoredReranker } from '@vitrine/recommender'

/** The feature that is taken off: log(1 + occurrences) in all sessions, which is never below 0. */
const POPULARITY = 'popularity'

/**
 * Returns `reranker` with `by · log(1 + occurrences)` taken off each score: 0 changes nothing, at 1 an item has to
 * earn its place by how much likelier the history makes it than it is anyway.
 */
export function withLongTail(reranker: StoredReranker, by: number): StoredReranker {
  if (by === 0) return reranker
  const { features, means, deviations, layers } = withFeature(reranker)
  const column = features.indexOf(POPULARITY)
  const mean = means[column]!
  const deviation = deviations[column]!
  const last = layers.length - 1
  return {
    ...reranker,
    features,
    means,
    deviations,
    // One more unit in each hidden layer hands the popularity on; ReLU leaves it as it is.
    layers: layers.map((layer, at) => {
      const input = at === 0 ? column : layer.inputs
      const unit = at === 0 ? { weight: deviation, bias: mean } : { weight: 1, bias: 0 }
      const wide = at === 0 ? layer : widened(layer)
      return at === last
        ? addToOutput(wide, input, -by * unit.weight, -by * unit.bias)
        : withUnit(wide, input, unit.weight, unit.bias)
    }),
  }
}

/** The ranker with popularity among its features, at weight 0 where it had no use for it. */
function withFeature(reranker: StoredReranker): StoredReranker {
  const { features, means, deviations, layers } = reranker
  if (features.includes(POPULARITY)) return reranker
  return {
    ...reranker,
    features: [...features, POPULARITY],
    means: [...Array.from(means), 0],
    deviations: [...Array.from(deviations), 1],
    layers: layers.map((layer, at) => (at === 0 ? widened(layer) : layer)),
  }
}

/** One more input, of weight 0. */
function widened({ inputs, outputs, weights, biases }: Layer): Layer {
  const wider = new Float64Array(outputs * (inputs + 1))
  for (let row = 0; row < outputs; row++) {
    for (let i = 0; i < inputs; i++) wider[row * (inputs + 1) + i] = weights[row * inputs + i]!
  }
  return { inputs: inputs + 1, outputs, weights: wider, biases }
}

/** One more output, of the input at `input` alone. */
function withUnit(
  { inputs, outputs, weights, biases }: Layer,
  input: number,
  weight: number,
  bias: number,
): Layer {
  const unit = new Float64Array(inputs)
  unit[input] = weight
  return {
    inputs,
    outputs: outputs + 1,
    weights: [...Array.from(weights), ...unit],
    biases: [...Array.from(biases), bias],
  }
}

function addToOutput(layer: Layer, input: number, weight: number, bias: number): Layer {
  const weights = Float64Array.from(layer.weights)
  weights[input]! += weight
  return { ...layer, weights, biases: [layer.biases[0]! + bias] }
}
