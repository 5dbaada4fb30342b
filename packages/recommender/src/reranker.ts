/** The ranker: a stack of dense layers over a candidate's features; one layer is a weighted sum. */
import type { DenseLayers } from '@vitrine/kernels'
import { corrupt } from './bytes.ts'
import type { CandidateSettings } from './candidates.ts'
import {
  CANDIDATE_FEATURE_COUNT,
  COLUMNS,
  FEATURE_COUNT,
  FEATURE_NAMES,
  type FeatureName,
  isAttribute,
} from './feature-names.ts'
import { readJson, writeJson } from './json.ts'
import { type FoldedLayer, type StoredNetwork, foldLayers, readNetwork, roundedNetwork } from './layers.ts'
import { plainLayers } from './plain.ts'
import type { ShelfSettings } from './shelf-settings.ts'

const VERSION = 1

/** The ranker as stored. */
export interface StoredReranker extends StoredNetwork<FeatureName> {
  readonly candidates: CandidateSettings
  /** Of the shelves that it does not rank. */
  readonly shelves?: ShelfSettings
}

/** The ranker as it runs: its first layer reads raw rows of the feature matrix. */
export interface Reranker {
  readonly candidates: CandidateSettings
  readonly layers: readonly FoldedLayer[]
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
export function writeReranker({ candidates, shelves, ...network }: StoredReranker): Uint8Array {
  const { habits, ...settings } = shelves ?? {}
  return writeJson({
    version: VERSION,
    candidates,
    ...roundedNetwork(network),
    ...(shelves && { shelves: { ...settings, ...(habits && { habits: roundedNetwork(habits) }) } }),
  })
}

/**
 * Reads what {@link writeReranker} wrote.
 *
 * @throws `VitrineError('MODEL_UNSUPPORTED')` when it names a feature that this code does not compute,
 * `ARTIFACT_CORRUPT` for any other bytes.
 */
export function readReranker(bytes: Uint8Array): Reranker {
  const json = readJson('reranker', bytes, VERSION)
  const stored = { candidates: readCandidates(json.candidates), ...readNetwork(json, FEATURE_NAMES) }
  return { ...foldNormalization(stored), shelves: json.shelves }
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
    layers: foldLayers({ means, deviations, layers }, columns, FEATURE_COUNT),
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
