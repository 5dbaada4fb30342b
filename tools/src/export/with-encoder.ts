/** A revision with a shop's own encoder in it: tried out, and with golden answers of its own. */
import { createHash } from 'node:crypto'
import { type Artifact, type ArtifactRole, type Manifest, VitrineError } from '@vitrine/contracts'
import {
  type GoldenCase,
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
  { manifest, artifacts }: Revision,
  encoder: EncoderFile,
  { createdAt, signal }: { createdAt: string; signal: AbortSignal },
): Promise<Revision> {
  const known = [...artifacts].filter(([role]) => !role.startsWith('encoder-'))
  const { cases } = readGolden(artifacts.get('golden') ?? new Uint8Array(), manifest.items)
  const assemble = (engineCases: readonly GoldenCase[]): Revision => {
    const all = new Map([
      ...known,
      ...encoder.artifacts,
      ['golden', writeGolden({ cases, engineCases })] as const,
    ])
    return describe(manifest, encoder, all, createdAt)
  }
  const draft = assemble([])
  const engineCases: GoldenCase[] = []
  await withModel(draft, signal, async (model) => {
    for (const { history } of cases) engineCases.push(await answerOf(model, history))
  })
  const revision = assemble(engineCases)
  await withModel(revision, signal, selfTest)
  return revision
}

type Model = Awaited<ReturnType<typeof loadModel>>

/** Runs `work` with the model on its engine. Here a failure of the engine is an error, not a reason for the reserve. */
async function withModel(
  { manifest, artifacts }: Revision,
  signal: AbortSignal,
  work: (model: Model) => Promise<void>,
): Promise<void> {
  let failure: Error | undefined
  const loadEngine = loadEngineInNode
  const onEngineFailure = (reason: unknown): void => void (failure = reason as Error)
  const model = await loadModel(manifest, artifacts, {
    startEngine: (evidence) => startEngine(manifest, artifacts, evidence, { loadEngine, onEngineFailure }),
    signal,
  })
  try {
    if (failure === undefined) await work(model)
    if (failure !== undefined) throw failure
  } finally {
    model.dispose()
  }
}

function describe(
  { metrics: _, engine: __, ...manifest }: Manifest,
  { engine }: EncoderFile,
  artifacts: ReadonlyMap<ArtifactRole, Uint8Array>,
  createdAt: string,
): Revision {
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
