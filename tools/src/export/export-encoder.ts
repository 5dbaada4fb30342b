/** Writes Vitrine's own session encoder for other runtimes, once it was run there and computed the same. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EngineName, VitrineError } from '@vitrine/contracts'
import { createBuiltInEngine, readEmbeddings, readEncoder, readGolden } from '@vitrine/recommender'
import { replaceFolder } from '../data/replace-folder.ts'
import type { Revision } from '../train/index.ts'
import type { EncoderFile } from './encoder-file.ts'
import { encoderAsOnnx } from './encoder-onnx.ts'
import { encoderParts } from './encoder-parts.ts'
import { WEIGHTS_FILE, encoderAsTfjs } from './encoder-tfjs.ts'
import { loadEngineInNode } from './engines.ts'

/** Largest difference of one element of a query (unit vectors) between the built-in encoder and an exported one. */
const TOLERANCE = 1e-5

/** What was written. */
export interface ExportReport {
  engine: EngineName
  bytes: number
  /** Largest difference of one element of a query from the built-in encoder, over the golden histories. */
  max_difference: number
}

/** How to write. */
export interface ExportOptions {
  version: string
  force: boolean
  signal: AbortSignal
}

/** Writes the file `path`. @throws as {@link measure}; `VitrineError('OUTPUT_EXISTS')`. */
export async function exportOnnx(
  revision: Revision,
  path: string,
  { version, force }: ExportOptions,
): Promise<ExportReport> {
  if (!force && (await exists(path))) {
    throw new VitrineError('OUTPUT_EXISTS', `${path} is there already: choose another file or --force.`)
  }
  const { manifest } = revision
  const facts = { model: manifest.id, revision: manifest.revision }
  const bytes = encoderAsOnnx(encoderParts(revision), { version, facts })
  const max_difference = await measure(revision, {
    engine: 'onnx',
    artifacts: new Map([['encoder-onnx', bytes]]),
  })
  await writeFile(path, bytes)
  return { engine: 'onnx', bytes: bytes.length, max_difference }
}

/** Writes model.json and its weights into `folder`. @throws as {@link measure}; `VitrineError('OUTPUT_EXISTS')`. */
export async function exportTfjs(
  revision: Revision,
  folder: string,
  { force, signal }: ExportOptions,
): Promise<ExportReport> {
  const { model, weights } = encoderAsTfjs(encoderParts(revision))
  const max_difference = await measure(revision, {
    engine: 'tfjs',
    artifacts: new Map([
      ['encoder-tfjs', model],
      ['encoder-tfjs-weights', weights],
    ]),
  })
  await replaceFolder(folder, { force, signal }, async (scratch) => {
    await mkdir(scratch)
    await writeFile(join(scratch, 'model.json'), model)
    await writeFile(join(scratch, WEIGHTS_FILE), weights)
  })
  return { engine: 'tfjs', bytes: model.length + weights.length, max_difference }
}

/**
 * Runs `encoder` on the golden histories and returns the largest difference from the built-in one.
 *
 * @throws `VitrineError('SELF_TEST_FAILED')` above {@link TOLERANCE}, `ENGINE_FAILED` when it does not run.
 */
async function measure({ manifest, artifacts }: Revision, encoder: EncoderFile): Promise<number> {
  const read = (role: 'golden' | 'embeddings' | 'encoder'): Uint8Array =>
    artifacts.get(role) ?? new Uint8Array()
  const { cases } = readGolden(read('golden'), manifest.items)
  const builtIn = createBuiltInEngine({
    embeddings: readEmbeddings(read('embeddings')),
    encoder: readEncoder(read('encoder')),
  })
  const engine = await loadEngineInNode(encoder.engine, encoder.artifacts, manifest)
  let largest = 0
  try {
    const [expected, actual] = [new Float32Array(manifest.dimension), new Float32Array(manifest.dimension)]
    for (const { history } of cases) {
      await builtIn.encode(history, expected)
      await engine.encode(history, actual)
      for (const [j, value] of expected.entries()) largest = Math.max(largest, Math.abs(value - actual[j]!))
    }
  } finally {
    engine.dispose()
  }
  if (largest <= TOLERANCE) return largest
  throw new VitrineError(
    'SELF_TEST_FAILED',
    `The exported encoder differs from the built-in one by ${largest}, more than ${TOLERANCE}: nothing was written.`,
  )
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
