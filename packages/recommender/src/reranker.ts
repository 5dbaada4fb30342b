/** The ranker: a stack of dense layers over a candidate's features; one layer is a weighted sum. */
import type { DenseLayers } from '@vitrine/kernels'
import { corrupt, unsupported } from './bytes.ts'
import type { CandidateSettings } from './candidates.ts'
import type { FeatureName } from './context-names.ts'
import {
  CANDIDATE_FEATURE_COUNT,
  CORE_CANDIDATE_COUNT,
  CORE_COLUMNS,
  FEATURE_COUNT,
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

/** The ranker as read, its shelves as they stand there. */
export interface ReadReranker extends StoredNetwork<string> {
  readonly candidates: CandidateSettings
  readonly shelves?: unknown
}

/** The ranker as it runs: its first layer reads raw rows of the feature matrix. */
export interface Reranker {
  readonly candidates: CandidateSettings
  readonly layers: readonly FoldedLayer[]
  /** How many of a candidate's own columns it reads, the first ones: those that only some rankers read are last. */
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
 * Reads what {@link writeReranker} wrote; whether its features are known is for {@link foldNormalization} to say.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readReranker(bytes: Uint8Array): ReadReranker {
  const json = readJson('reranker', bytes, VERSION)
  return { candidates: readCandidates(json.candidates), ...readNetwork(json), shelves: json.shelves }
}

/** Returns a feature that has none of `columns`, those that every device computes where missing. */
export function unknownOf(
  { features }: ReadReranker,
  columns: Readonly<Record<string, number>> = CORE_COLUMNS,
): string | undefined {
  return features.find((name) => !Object.hasOwn(columns, name))
}

const NEEDED = ['limit', 'hopSeeds', 'scan']

function readCandidates(json: unknown): CandidateSettings {
  const stated = (json ?? {}) as Readonly<Record<string, unknown>>
  const read: Record<string, number> = {}
  for (const name of [...NEEDED, 'enough', 'ranked', 'past']) {
    const value = stated[name]
    if (value === undefined && !NEEDED.includes(name)) continue
    const least = name === 'limit' ? 1 : 0
    const isRight = Number.isInteger(value) && (value as number) >= least && (value as number) <= 1e6
    if (!isRight) throw corrupt('reranker', 'its candidate settings are out of range')
    read[name] = value as number
  }
  return read as unknown as CandidateSettings
}

/**
 * Returns the ranker with means and deviations, and the choice of columns, worked into its first layer.
 *
 * @param columns The column of each feature that will be computed.
 * @throws `VitrineError('MODEL_UNSUPPORTED')` when it reads another one.
 */
export function foldNormalization(
  stored: ReadReranker,
  columns: Readonly<Record<string, number>> = CORE_COLUMNS,
): Reranker {
  const { candidates, features, layers, shelves } = stored
  const unknown = unknownOf(stored, columns)
  if (unknown !== undefined) throw unsupported('reranker', `needs the feature ${JSON.stringify(unknown)}`)
  return {
    candidates,
    width: columns === CORE_COLUMNS ? CORE_CANDIDATE_COUNT : CANDIDATE_FEATURE_COUNT,
    shelves,
    shared: new Float64Array(layers[0]!.outputs),
    layers: foldLayers(
      stored,
      features.map((name) => columns[name]!),
      FEATURE_COUNT,
    ),
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
