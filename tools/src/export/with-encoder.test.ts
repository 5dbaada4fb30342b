/** A shop's own encoder in a revision, from the file that her tools wrote. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseManifest } from '@vitrine/contracts'
import { loadModel, readGolden, selfTest } from '@vitrine/recommender'
import { verifyArtifacts } from '../publish/verify.ts'
import { type Revision, readRevision } from '../train/index.ts'
import { readEncoderFile } from './encoder-file.ts'
import { encoderAsOnnx } from './encoder-onnx.ts'
import { type EncoderParts, encoderParts } from './encoder-parts.ts'
import { encoderAsTfjs } from './encoder-tfjs.ts'
import { loadEngineInNode } from './engines.ts'
import { withEncoder } from './with-encoder.ts'

// Compiling a runtime takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const MODELS = fileURLToPath(new URL('../../../models/online-retail', import.meta.url))
const about = { version: '0', facts: {} }
const how = { createdAt: '2026-11-21T00:00:00.000Z', signal: AbortSignal.timeout(60_000) }

let folder = ''
let trained: Revision
/** Another encoder than the built-in one: it hardly looks at what came before the last item. */
let other: EncoderParts

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-encoder-'))
  trained = await readRevision(join(MODELS, (await readdir(MODELS))[0]!))
  const parts = encoderParts(trained)
  other = { ...parts, positions: parts.positions.map((_, p, all) => (p === all.length - 1 ? 9 : 0)) }
})
afterAll(() => rm(folder, { recursive: true }))

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

async function writeTfjs(name: string): Promise<string> {
  const { model, weights } = encoderAsTfjs(other)
  await mkdir(join(folder, name))
  await write(`${name}/weights.bin`, weights)
  return write(`${name}/model.json`, model)
}

describe('withEncoder', () => {
  it.each<['onnx' | 'tfjs', () => Promise<string>]>([
    ['onnx', () => write('encoder.onnx', encoderAsOnnx(other, about))],
    ['tfjs', () => writeTfjs('tfjs')],
  ])('makes a revision of a name of its own that ranks by the %s encoder', async (engine, file) => {
    const revision = await withEncoder(trained, await readEncoderFile(await file()), how)
    const { manifest, artifacts } = revision
    expect(parseManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest)
    verifyArtifacts(revision)
    expect(manifest).toMatchObject({ engine, createdAt: how.createdAt })
    expect(manifest.revision).not.toBe(trained.manifest.revision)
    expect(manifest.metrics).toBeUndefined()

    const { cases, engineCases = [] } = readGolden(artifacts.get('golden')!, manifest.items)
    expect(engineCases.map(({ history }) => history)).toEqual(cases.map(({ history }) => history))
    const long = cases.findIndex(({ history }) => history.length > 3)
    expect(engineCases[long]!.scanned.items).not.toEqual(cases[long]!.scanned.items)

    const model = await loadModel(manifest, artifacts, {
      startEngine: () => loadEngineInNode(engine, artifacts, manifest),
    })
    expect(model.engine.name).toBe(engine)
    await selfTest(model)
    model.dispose()
  })

  it('replaces an encoder that is there', async () => {
    const onnx = await withEncoder(
      trained,
      await readEncoderFile(await write('a.onnx', encoderAsOnnx(other, about))),
      how,
    )
    const tfjs = await withEncoder(onnx, await readEncoderFile(await writeTfjs('again')), how)
    expect([...tfjs.artifacts.keys()].filter((role) => role.startsWith('encoder-'))).toEqual([
      'encoder-tfjs',
      'encoder-tfjs-weights',
    ])
  })

  it('refuses an encoder of another width, and one of a smaller catalogue', async () => {
    const narrow: EncoderParts = {
      ...other,
      dimension: other.dimension / 2,
      embeddings: other.embeddings.subarray(0, other.embeddings.length / 2),
      weights: other.weights.subarray(0, other.weights.length / 4),
      weightScales: other.weightScales.subarray(0, other.dimension / 2),
    }
    const file = await readEncoderFile(await write('narrow.onnx', encoderAsOnnx(narrow, about)))
    await expect(withEncoder(trained, file, how)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining(`[1, ${other.dimension / 2}]`) as string,
    })
    const items = other.items - 1
    const small: EncoderParts = {
      ...other,
      items,
      embeddings: other.embeddings.subarray(0, items * other.dimension),
      embeddingScales: other.embeddingScales.subarray(0, items),
    }
    const fewer = await readEncoderFile(await write('small.onnx', encoderAsOnnx(small, about)))
    await expect(withEncoder(trained, fewer, how)).rejects.toMatchObject({ code: 'ENGINE_FAILED' })
  })
})

describe('readEncoderFile', () => {
  it('says what is wrong with a path', async () => {
    await expect(readEncoderFile('encoder.pt')).rejects.toMatchObject({ code: 'INVALID_OPTIONS' })
    await expect(readEncoderFile(join(folder, 'none.onnx'))).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
    })
    const alone = await write('model.json', encoderAsTfjs(other).model)
    await expect(readEncoderFile(alone)).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
      message: expect.stringContaining('weights.bin') as string,
    })
    await expect(
      readEncoderFile(await write('page.json', Buffer.from('<!doctype html>'))),
    ).rejects.toMatchObject({
      code: 'ARTIFACT_CORRUPT',
    })
  })
})
