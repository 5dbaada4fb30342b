/** A TensorFlow.js model as two artifacts: its model.json, and all its weights in one. */
import { VitrineError } from '@vitrine/contracts'
import type { io } from '@tensorflow/tfjs-core'

/** How TensorFlow.js stores a model: converted from a SavedModel, or from Keras. */
export type ModelFormat = 'graph-model' | 'layers-model'

/** What a model.json says. */
export interface TfjsModel {
  format: ModelFormat
  topology: object
  /** Files of weights, in the order in which their bytes follow each other. */
  paths: string[]
  weights: io.WeightsManifestEntry[]
}

interface ModelJson {
  format?: unknown
  modelTopology?: unknown
  weightsManifest?: unknown
}

interface WeightsGroup {
  paths: string[]
  weights: io.WeightsManifestEntry[]
}

/**
 * Reads a model.json as the TensorFlow.js converter and `model.save()` write it.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for anything else.
 */
export function parseModel(bytes: Uint8Array): TfjsModel {
  let json: ModelJson | null
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as ModelJson | null
  } catch {
    // The parser's message would quote the bytes, which may be anything.
    throw corrupt('it is not JSON')
  }
  const { modelTopology: topology, weightsManifest: manifest } = json ?? {}
  if (typeof topology !== 'object' || topology === null) throw corrupt('it has no modelTopology')
  if (!Array.isArray(manifest) || !manifest.every(isGroup)) throw corrupt('its weightsManifest is no list')
  // Files of early converters have no format: a graph lists nodes.
  const format = json?.format ?? ('node' in topology ? 'graph-model' : 'layers-model')
  if (format !== 'graph-model' && format !== 'layers-model') throw corrupt('its format is unknown')
  return {
    format,
    topology,
    paths: manifest.flatMap(({ paths }) => paths),
    weights: manifest.flatMap(({ weights }) => weights),
  }
}

function isGroup(group: unknown): group is WeightsGroup {
  const { paths, weights } = (group ?? {}) as Partial<Record<keyof WeightsGroup, unknown>>
  return Array.isArray(paths) && paths.every((path) => typeof path === 'string') && Array.isArray(weights)
}

function corrupt(what: string): VitrineError {
  return new VitrineError(
    'ARTIFACT_CORRUPT',
    `The model.json of the TensorFlow.js encoder cannot be read: ${what}. Convert or save the model again.`,
  )
}
