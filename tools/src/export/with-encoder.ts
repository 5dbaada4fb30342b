/** A revision with a shop's own encoder in it: tried out, and with golden answers of its own. */
import { createHash } from 'node:crypto'
import { type Artifact, VitrineError } from '@vitrine/contracts'
import {
  type GoldenCase,
  type Model,
  answerOf,
  loadModel,
  readGolden,
  selfTest,
  startEngine,
  writeGolden,
} from '@vitrine/recommender'
import type { Revision } from '../train/index.ts'
import type { EncoderFile } from './encoder-file.ts'
import { loadEngineInNode } from './engines.ts'

/**
 * Returns `revision` with `encoder` as another revision: named by its content, with the encoder's golden answers
 * beside those of the built-in one, and without the metrics, which were measured with the built-in one.
 *
 * @throws `VitrineError('MODEL_UNSUPPORTED')` when inputs, outputs or d are not the revision's, `ENGINE_FAILED` when
 * the encoder does not run, `SELF_TEST_FAILED` when it does not compute the same twice.
 */
export async function withEncoder(
  revision: Revision,
  encoder: EncoderFile,
  { createdAt, signal }: { createdAt: string; signal: AbortSignal },
): Promise<Revision> {
  const { manifest, artifacts } = revision
  const { cases } = readGolden(artifacts.get('golden') ?? new Uint8Array(), manifest.items)
  const engineCases: GoldenCase[] = []
  const draft = await openWithEncoder(revision, encoder, { signal })
  try {
    for (const { history } of cases) engineCases.push(await answerOf(draft, history))
  } finally {
    draft.dispose()
  }
  const golden = new Map(artifacts).set('golden', writeGolden({ cases, engineCases }))
  const result = describe({ manifest, artifacts: golden }, encoder, createdAt)
  const model = await open(result, signal)
  try {
    await selfTest(model)
  } finally {
    model.dispose()
  }
  return result
}

/**
 * Loads `revision` with `encoder` in the place of the built-in one, for instance to evaluate it.
 *
 * @throws `VitrineError('MODEL_UNSUPPORTED')`, `ENGINE_FAILED`, as {@link withEncoder}; so do calls of the model.
 */
export function openWithEncoder(
  revision: Revision,
  encoder: EncoderFile,
  { signal }: { signal: AbortSignal },
): Promise<Model> {
  return open(describe(revision, encoder, revision.manifest.createdAt), signal)
}

/** Here a failure of the engine is an error, not a reason for the built-in encoder to take over. */
function onEngineFailure(reason: unknown): never {
  throw reason as Error
}

function open({ manifest, artifacts }: Revision, signal: AbortSignal): Promise<Model> {
  const loadEngine = loadEngineInNode
  return loadModel(manifest, artifacts, {
    startEngine: (evidence) => startEngine(manifest, artifacts, evidence, { loadEngine, onEngineFailure }),
    signal,
  })
}

/** The revision with the encoder's files in it, named by all its content. */
function describe(
  { manifest: trained, artifacts: own }: Revision,
  encoder: EncoderFile,
  createdAt: string,
): Revision {
  const { metrics: _, engine: __, ...manifest } = trained
  const kept = [...own].filter(([role]) => !role.startsWith('encoder-'))
  const artifacts = new Map([...kept, ...encoder.artifacts])
  const { engine } = encoder
  const listed = [...artifacts].map(([role, bytes]): Artifact => {
    const known = manifest.artifacts.find((artifact) => artifact.role === role)
    const isFile = role.startsWith('encoder-')
    if (!known && !isFile) {
      throw new VitrineError(
        'ARTIFACT_NOT_FOUND',
        `The manifest does not list ${role}: train the revision again.`,
      )
    }
    return {
      role,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
      dtype: known?.dtype ?? 'uint8',
      shape: known?.shape ?? [bytes.length],
    }
  })
  const name = createHash('sha256').update(listed.map(({ sha256 }) => sha256).join())
  const revision = name.digest('hex').slice(0, 16)
  return { manifest: { ...manifest, revision, createdAt, engine, artifacts: listed }, artifacts }
}
