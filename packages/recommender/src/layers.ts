/** Stacks of dense layers over named features, as rankers are stored. */
import { corrupt } from './bytes.ts'
import { numbers } from './json.ts'

const MAX_WIDTH = 1024

/** `outputs = W · inputs + b`, with ReLU between layers. */
export interface Layer {
  readonly inputs: number
  readonly outputs: number
  /** `[outputs, inputs]` row-major. */
  readonly weights: ArrayLike<number>
  /** `[outputs]`. */
  readonly biases: ArrayLike<number>
}

/** Layers as stored: over features normalised by `(x − mean) / deviation`, in the order of their names. */
export interface StoredNetwork<Name extends string> {
  readonly features: readonly Name[]
  readonly means: ArrayLike<number>
  readonly deviations: ArrayLike<number>
  readonly layers: readonly Layer[]
}

/** A layer as it runs. */
export interface FoldedLayer extends Layer {
  readonly weights: Float32Array
  readonly biases: Float32Array
}

/** Returns `network` with numbers at float32's own precision. */
export function roundedNetwork<Name extends string>({
  features,
  means,
  deviations,
  layers,
}: StoredNetwork<Name>): StoredNetwork<Name> {
  return {
    features,
    means: rounded(means),
    deviations: rounded(deviations),
    layers: layers.map(({ inputs, outputs, weights, biases }) => ({
      inputs,
      outputs,
      weights: rounded(weights),
      biases: rounded(biases),
    })),
  }
}

function rounded(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(7)))
}

/** Reads a network, whatever the names of its features; @throws `VitrineError('ARTIFACT_CORRUPT')` for anything else. */
export function readNetwork(json: Readonly<Record<string, unknown>>): StoredNetwork<string> {
  const names: unknown[] = Array.isArray(json.features) ? json.features : []
  if (!names.length) throw corrupt('reranker', 'it names no features')
  if (new Set(names).size !== names.length) throw corrupt('reranker', 'it names a feature twice')
  const deviations = numbers('reranker', 'deviations', json.deviations, names.length)
  if (deviations.some((deviation) => deviation <= 0)) throw corrupt('reranker', 'a deviation is not positive')
  return {
    features: names.map(String),
    means: numbers('reranker', 'means', json.means, names.length),
    deviations,
    layers: readLayers(json.layers, names.length),
  }
}

function readLayers(json: unknown, inputs: number): Layer[] {
  if (!Array.isArray(json) || !json.length || json.length > 8) throw corrupt('reranker', 'it has no layers')
  let width = inputs
  const layers = json.map((entry: unknown, index): Layer => {
    const { outputs, weights, biases } = (entry ?? {}) as Readonly<Record<string, unknown>>
    const isRight = Number.isInteger(outputs) && (outputs as number) > 0 && (outputs as number) <= MAX_WIDTH
    if (!isRight) throw corrupt('reranker', `layer ${index} has no outputs`)
    const layer = {
      inputs: width,
      outputs: outputs as number,
      weights: numbers('reranker', 'weights', weights, width * (outputs as number)),
      biases: numbers('reranker', 'biases', biases, outputs as number),
    }
    width = layer.outputs
    return layer
  })
  if (width !== 1) throw corrupt('reranker', `its last layer has ${width} outputs, not one`)
  return layers
}

/** The layers with means and deviations worked into the first, which reads `columns` of rows of `width` numbers. */
export function foldLayers(
  { means, deviations, layers }: Omit<StoredNetwork<string>, 'features'>,
  columns: readonly number[],
  width: number,
): FoldedLayer[] {
  return layers.map((layer, index) => {
    const biases = Float32Array.from(layer.biases)
    if (index) return { ...layer, weights: Float32Array.from(layer.weights), biases }
    const weights = new Float32Array(layer.outputs * width)
    for (let row = 0; row < layer.outputs; row++) {
      let bias = layer.biases[row]!
      for (let i = 0; i < columns.length; i++) {
        const weight = layer.weights[row * layer.inputs + i]! / deviations[i]!
        weights[row * width + columns[i]!] = weight
        bias -= weight * means[i]!
      }
      biases[row] = bias
    }
    return { inputs: width, outputs: layer.outputs, weights, biases }
  })
}
