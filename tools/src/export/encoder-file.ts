/** A shop's own encoder as its tools wrote it: an .onnx file, or a model.json with its files of weights. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ArtifactRole, type EngineName, VitrineError } from '@vitrine/contracts'

/** An encoder as artifacts. */
export interface EncoderFile {
  engine: EngineName
  artifacts: ReadonlyMap<ArtifactRole, Uint8Array>
}

/**
 * Reads the encoder in `path`.
 *
 * @throws `VitrineError('INPUT_NOT_FOUND')` when a file is missing, `INVALID_OPTIONS` for a name that ends otherwise,
 * `ARTIFACT_CORRUPT` for a model.json that is none.
 */
export async function readEncoderFile(path: string): Promise<EncoderFile> {
  if (path.endsWith('.onnx')) {
    return { engine: 'onnx', artifacts: new Map([['encoder-onnx', await readInput(path)]]) }
  }
  if (!path.endsWith('.json')) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `"${path}" is no encoder: give an .onnx file, or the model.json of a TensorFlow.js model.`,
    )
  }
  const { parseModel } = await import('@vitrine/engine-tfjs')
  const json = await readInput(path)
  const weights: Uint8Array[] = []
  for (const name of parseModel(json).paths) weights.push(await readInput(join(dirname(path), name)))
  return {
    engine: 'tfjs',
    artifacts: new Map([
      ['encoder-tfjs', json],
      ['encoder-tfjs-weights', Buffer.concat(weights)],
    ]),
  }
}

async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new VitrineError('INPUT_NOT_FOUND', `Cannot read ${path}: check the path.`, { cause })
  }
}
