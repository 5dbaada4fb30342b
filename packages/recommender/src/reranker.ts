/** The ranker: a stack of dense layers over a candidate's features; one layer is a weighted sum. */
import type { DenseLayers } from '@vitrine/kernels'
import { corrupt, unsupported } from './bytes.ts'
import type { CandidateSettings } from './candidates.ts'
import {
  CANDIDATE_FEATURE_COUNT,
  COLUMNS,
  FEATURE_COUNT,
  FEATURE_NAMES,
  type FeatureName,
  isAttribute,
} from './feature-names.ts'
import { numbers, readJson, writeJson } from './json.ts'
import { plainLayers } from './plain.ts'
import type { ShelfSettings } from './shelf-settings.ts'

const VERSION = 1
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

/** The ranker as stored: over features normalised by `(x − mean) / deviation`, in the order of its names. */
export interface StoredReranker {
  readonly candidates: CandidateSettings
  readonly features: readonly FeatureName[]
  readonly means: ArrayLike<number>
  readonly deviations: ArrayLike<number>
  readonly layers: readonly Layer[]
  /** Of the shelves that rank without features. */
  readonly shelves?: ShelfSettings
}

/** The ranker as it runs: its first layer reads raw rows of the feature matrix. */
export interface Reranker {
  readonly candidates: CandidateSettings
  readonly layers: readonly (Layer & { weights: Float32Array; biases: Float32Array })[]
  /** Whether any of its features comes from the catalogue. */
  readonly comparesAttributes: boolean
  /** How many of a candidate's own columns it reads, the first ones: those of the catalogue are last. */
  readonly width: number
  /** As stored: read where such a shelf is filled. */
  readonly shelves?: unknown
  /** `[outputs]` of the first layer: scratch for its biases with what a list's candidates share. */
  readonly shared: Float64Array
  /** The layers in a kernel, which scores many rows in a fraction of the time; plain loops where missing. */
  readonly kernel?: DenseLayers | undefined
}

/** Returns `reranker` as bytes (docs/artifacts.md), numbers at float32's own precision. */
export function writeReranker({
  candidates,
  features,
  means,
  deviations,
  layers,
  shelves,
}: StoredReranker): Uint8Array {
  return writeJson({
    version: VERSION,
    candidates,
    features,
    means: rounded(means),
    deviations: rounded(deviations),
    layers: layers.map(({ inputs, outputs, weights, biases }) => ({
      inputs,
      outputs,
      weights: rounded(weights),
      biases: rounded(biases),
    })),
    ...(shelves && { shelves }),
  })
}

function rounded(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(7)))
}

/**
 * Reads what {@link writeReranker} wrote.
 *
 * @throws `VitrineError('MODEL_UNSUPPORTED')` when it names a feature that this code does not compute,
 * `ARTIFACT_CORRUPT` for any other bytes.
 */
export function readReranker(bytes: Uint8Array): Reranker {
  const json = readJson('reranker', bytes, VERSION)
  const names: unknown[] = Array.isArray(json.features) ? json.features : []
  if (!names.length) throw corrupt('reranker', 'it names no features')
  const unknown = names.find((name) => !isFeature(name))
  if (unknown !== undefined) throw unsupported('reranker', `needs the feature ${JSON.stringify(unknown)}`)
  if (new Set(names).size !== names.length) throw corrupt('reranker', 'it names a feature twice')
  const stored: StoredReranker = {
    candidates: readCandidates(json.candidates),
    features: names.filter(isFeature),
    means: numbers('reranker', 'means', json.means, names.length),
    deviations: numbers('reranker', 'deviations', json.deviations, names.length),
    layers: readLayers(json.layers, names.length),
  }
  if (Array.from(stored.deviations).some((deviation) => deviation <= 0)) {
    throw corrupt('reranker', 'a deviation is not positive')
  }
  return { ...foldNormalization(stored), shelves: json.shelves }
}

function isFeature(name: unknown): name is FeatureName {
  return (FEATURE_NAMES as readonly unknown[]).includes(name)
}

function readCandidates(json: unknown): CandidateSettings {
  const { limit, hopSeeds, scan, enough, ranked } = (json ?? {}) as Readonly<Record<string, unknown>>
  return {
    limit: numberOfItems(limit, 1),
    hopSeeds: numberOfItems(hopSeeds, 0),
    scan: numberOfItems(scan, 0),
    ...(enough !== undefined && { enough: numberOfItems(enough, 0) }),
    ...(ranked !== undefined && { ranked: numberOfItems(ranked, 1) }),
  }
}

function numberOfItems(value: unknown, least: number): number {
  const isRight = Number.isInteger(value) && (value as number) >= least && (value as number) <= 1e6
  if (!isRight) throw corrupt('reranker', 'its candidate settings are out of range')
  return value as number
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

/** Returns the ranker with means and deviations, and the choice of columns, worked into its first layer. */
export function foldNormalization({
  candidates,
  features,
  means,
  deviations,
  layers,
}: StoredReranker): Reranker {
  const columns = features.map((name) => COLUMNS[name])
  const comparesAttributes = features.some(isAttribute)
  return {
    candidates,
    comparesAttributes,
    width: comparesAttributes ? CANDIDATE_FEATURE_COUNT : COLUMNS.categoryLast,
    shared: new Float64Array(layers[0]!.outputs),
    layers: layers.map((layer, index) => {
      const biases = Float32Array.from(layer.biases)
      if (index) return { ...layer, weights: Float32Array.from(layer.weights), biases }
      const weights = new Float32Array(layer.outputs * FEATURE_COUNT)
      for (let row = 0; row < layer.outputs; row++) {
        let bias = layer.biases[row]!
        for (let i = 0; i < columns.length; i++) {
          const weight = layer.weights[row * layer.inputs + i]! / deviations[i]!
          weights[row * FEATURE_COUNT + columns[i]!] = weight
          bias -= weight * means[i]!
        }
        biases[row] = bias
      }
      return { inputs: FEATURE_COUNT, outputs: layer.outputs, weights, biases }
    }),
  }
}

/** Returns the score of the candidate whose features begin at `features[at]`. */
export function scoreRow(reranker: Reranker, features: Float32Array, at: number): number {
  const score = new Float32Array(1)
  scoreRows(reranker, features.subarray(at), 1, score)
  return score[0]!
}

/**
 * Fills `scores` for `count` rows of `features`, all of one list: what is alike for all of its candidates is worked
 * into the first layer's biases once.
 */
export function scoreRows(
  { layers, width, shared, kernel = plainLayers(layers) }: Reranker,
  features: Float32Array,
  count: number,
  scores: Float32Array,
): void {
  const { outputs, weights, biases } = layers[0]!
  for (let row = 0; row < outputs; row++) {
    let sum = biases[row]!
    for (let i = CANDIDATE_FEATURE_COUNT; i < FEATURE_COUNT; i++) {
      sum += weights[row * FEATURE_COUNT + i]! * features[i]!
    }
    shared[row] = sum
  }
  kernel.score(features, count, width, shared, scores)
}
