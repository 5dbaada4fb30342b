/** One encoder, three ways: built in, exported to ONNX, exported to TensorFlow.js. In browsers it is tests/e2e's. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import type { ArtifactRole, EngineName } from '@vitrine/contracts'
import { createBuiltInEngine, readEmbeddings, readEncoder, readGolden } from '@vitrine/recommender'
import { readRevision } from '../train/index.ts'
import { encoderAsOnnx } from './encoder-onnx.ts'
import { type EncoderParts, encoderParts } from './encoder-parts.ts'
import { encoderAsTfjs } from './encoder-tfjs.ts'
import { loadEngineInNode } from './engines.ts'

// Compiling a runtime takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const MODELS = fileURLToPath(new URL('../../../models/online-retail', import.meta.url))
const revision = await readRevision(`${MODELS}/${readdirSync(MODELS)[0]!}`)
const { manifest, artifacts } = revision
const parts = encoderParts(revision)
const { cases } = readGolden(artifacts.get('golden')!, manifest.items)
const histories = [...cases.map(({ history }) => history), Array.from({ length: 50 }, (_, i) => 70 * i)]
const builtIn = createBuiltInEngine({
  embeddings: readEmbeddings(artifacts.get('embeddings')!),
  encoder: readEncoder(artifacts.get('encoder')!),
})

/** Exports for an engine. */
const EXPORTS: Record<EngineName, (parts: EncoderParts) => Map<ArtifactRole, Uint8Array>> = {
  onnx: (from) => new Map([['encoder-onnx', encoderAsOnnx(from, { version: '0', facts: {} })]]),
  tfjs: (from) => {
    const { model, weights } = encoderAsTfjs(from)
    return new Map([
      ['encoder-tfjs', model],
      ['encoder-tfjs-weights', weights],
    ])
  },
}

/** The largest difference of one element of a query, over all histories. */
async function largestDifference(name: EngineName, from: EncoderParts): Promise<number> {
  const engine = await loadEngineInNode(name, EXPORTS[name](from), manifest)
  const [expected, actual] = [new Float32Array(manifest.dimension), new Float32Array(manifest.dimension)]
  let largest = 0
  for (const history of histories) {
    void builtIn.encode(history, expected)
    await engine.encode(history, actual)
    for (const [j, value] of expected.entries()) largest = Math.max(largest, Math.abs(value - actual[j]!))
  }
  engine.dispose()
  return largest
}

function change(values: Int8Array, at: number): Int8Array {
  const changed = values.slice()
  changed[at] = changed[at]! > 0 ? changed[at]! - 64 : changed[at]! + 64
  return changed
}

describe.each<EngineName>(['onnx', 'tfjs'])('our encoder exported for %s', (name) => {
  it('computes the same queries as the built-in one, within 1e-5', async () => {
    expect(await largestDifference(name, parts)).toBeLessThan(1e-5)
  })

  it('computes others when one weight, position or embedding is another', async () => {
    const [item] = histories[0]!
    const changes: Partial<EncoderParts>[] = [
      { weights: change(parts.weights, 5) },
      {
        positions: parts.positions.map((logit, p) => (p === parts.positions.length - 2 ? logit + 1 : logit)),
      },
      { embeddings: change(parts.embeddings, item! * parts.dimension + 3) },
    ]
    for (const changed of changes) {
      expect(await largestDifference(name, { ...parts, ...changed })).toBeGreaterThan(1e-3)
    }
  })
})
