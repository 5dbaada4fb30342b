/** From a session encoder that TensorFlow.js trained, as in a browser, to a revision of it. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { ready, setBackend } from '@tensorflow/tfjs-core'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRevision } from '../src/train/index.ts'
import { readParts } from '../src/train/trained-parts.ts'
import { type EncoderWeights, encodeWeights, readLog, trainEncoders } from '../src/training.ts'
import { run } from './command.ts'
import { syntheticVisits, toLines } from './synthetic-shop.ts'

const MINUTE = 60_000
/** So many that a factorisation is not tried in their place. */
const VISITS = 6000

let folder = ''
let weights: EncoderWeights
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-encoder-'))
  const lines = toLines(syntheticVisits({ count: VISITS }))
  await writeFile(at('sessions.txt'), lines)
  await writeFile(at('others.txt'), toLines(syntheticVisits({ seed: 8 })))
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`)
  await setBackend('wasm')
  await ready()
  const log = await readLog(new Blob([gzipSync(lines)]))
  weights = await trainEncoders(log, { recipe: { dimension: 16, epochs: 2 } })
  await writeFile(at('encoder.safetensors'), encodeWeights(weights))
}, MINUTE)
afterAll(() => rm(folder, { recursive: true }))

describe('vitrine train --encoder-weights', { timeout: MINUTE }, () => {
  it('builds a revision with the embeddings that were trained elsewhere', async () => {
    const args = ['--encoder-weights', at('encoder.safetensors'), '--out', at('model'), '--json']
    const { stdout, stderr, code } = await run(['train', '--sessions', at('sessions.txt'), ...args])
    expect(stderr).not.toMatch(/^error/mu)
    expect(code).toBe(0)
    const { embeddings } = JSON.parse(stdout) as { embeddings: { method: string; losses: number[] } }
    expect(embeddings).toMatchObject({ method: 'sessions', losses: weights.all.losses })
    const twin = await readRevision(at('model'), { precision: 'fp32' })
    const { evidence } = await readParts(twin, new AbortController().signal)
    expect(evidence.embeddings.values).toEqual(weights.all.embeddings.values)
    expect(evidence.encoder.weights).toEqual(weights.all.encoder.weights)
  })

  it('refuses what was trained on other sessions', async () => {
    const args = ['--encoder-weights', at('encoder.safetensors'), '--out', at('none')]
    expect(await run(['train', '--sessions', at('others.txt'), ...args])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error INVALID_OPTIONS: .*other sessions/mu) as string,
    })
  })

  it('says what is amiss with a file that was cut off, or is another', async () => {
    const bytes = await readFile(at('encoder.safetensors'))
    for (const [cut, says] of [
      [bytes.subarray(0, bytes.length - 4), /all\.positions is no table/u],
      [bytes.subarray(0, 100), /ends before its header/u],
      [Buffer.from('12 13 14\n'), /ends before its header|no JSON/u],
    ] as const) {
      await writeFile(at('cut.safetensors'), cut)
      const args = ['--encoder-weights', at('cut.safetensors'), '--out', at('none')]
      const { code, stderr } = await run(['train', '--sessions', at('sessions.txt'), ...args])
      expect(code).toBe(1)
      expect(stderr).toMatch(/^error INPUT_UNREADABLE: /mu)
      expect(stderr).toMatch(says)
    }
  })
})
