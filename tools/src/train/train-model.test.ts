import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseManifest } from '@vitrine/contracts'
import { loadModel, rankNext, readGolden, selfTest } from '@vitrine/recommender'
import { createRandom } from './random.ts'
import {
  type TrainInput,
  type TrainProgress,
  type TrainedModel,
  readRevision,
  trainModel,
  writeRevision,
} from './index.ts'

// Training takes a second on a quiet machine, many on a busy one.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const ITEMS = 120

/** Sessions that step through a ring of items, one or two at a time, now and then at random. */
function ringWorld(count: number): TrainInput {
  const random = createRandom(7)
  const offsets = [0]
  const items: number[] = []
  for (let s = 0; s < count; s++) {
    let item = Math.floor(ITEMS * random() ** 2)
    const length = 2 + Math.floor(5 * random())
    for (let i = 0; i < length; i++) {
      items.push(item)
      const step = random()
      if (step < 0.6) item = (item + 1) % ITEMS
      else if (step < 0.85) item = (item + 2) % ITEMS
      else item = Math.floor(ITEMS * random())
    }
    offsets.push(items.length)
  }
  return {
    modelId: 'ring',
    catalogue: Array.from({ length: ITEMS }, (_, i) => ({ id: `p${i}`, title: `Product ${i} | <b>` })),
    sessions: { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) },
    seed: 3,
    createdAt: '2026-01-01T00:00:00.000Z',
    attribution: 'Made up for a test',
    trainedThrough: '2025-12-31T00:00:00.000Z',
  }
}

describe('trainModel on a ring of 120 items', () => {
  const input = ringWorld(2000)
  const progress: TrainProgress[] = []
  let trained: TrainedModel
  let folder: string
  beforeAll(async () => {
    trained = await trainModel(input, { onProgress: (step) => progress.push(step) })
    folder = await mkdtemp(join(tmpdir(), 'vitrine-train-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('learns the two steps of the ring, in int8 and in float32', async () => {
    for (const [precision, revision] of [
      ['int8', trained],
      ['fp32', trained.fullPrecision],
    ] as const) {
      const model = await loadModel(revision.manifest, revision.artifacts, { precision })
      await selfTest(model)
      let right = 0
      for (let item = 0; item < ITEMS; item++) {
        const [first, second] = await rankNext(model, [`p${item}`], 2)
        const next = new Set([`p${(item + 1) % ITEMS}`, `p${(item + 2) % ITEMS}`])
        if (next.delete(first!) && next.delete(second!)) right++
      }
      expect(right).toBeGreaterThan(0.9 * ITEMS)
      model.dispose()
    }
  })

  it('finds the graph better than popularity, and its ranker no worse than the graph', () => {
    const hitRate = Object.fromEntries(trained.report.stages.map((stage) => [stage.name, stage.hitRate]))
    const best = trained.report.stages.at(-1)!
    expect(hitRate.graph).toBeGreaterThan(hitRate.popularity! + 10)
    expect(best.hitRate).toBeGreaterThan(hitRate.graph! - 1)
  })

  it('gives the same bytes for the same input, and others for another seed', async () => {
    const again = await trainModel(input)
    expect(again.manifest).toEqual(trained.manifest)
    expect(again.documents).toEqual(trained.documents)
    const other = await trainModel({ ...input, seed: 4 })
    expect(other.manifest.revision).not.toBe(trained.manifest.revision)
  })

  it('goes forward in its progress, to the end', () => {
    const shares = progress.map(({ share }) => share)
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })

  it('writes a folder that reads back the same', async () => {
    await writeRevision(folder, trained)
    for (const precision of ['int8', 'fp32'] as const) {
      const read = await readRevision(folder, { precision })
      const expected = precision === 'int8' ? trained : trained.fullPrecision
      expect(read.manifest).toEqual(parseManifest(JSON.parse(JSON.stringify(expected.manifest))))
      for (const [role, bytes] of expected.artifacts) {
        expect(Buffer.compare(Buffer.from(read.artifacts.get(role)!), Buffer.from(bytes))).toBe(0)
      }
    }
    const card = await readFile(join(folder, 'MODEL_CARD.md'), 'utf8')
    expect(card).toContain('Made up for a test')
    expect(await readFile(join(folder, 'model-card.svg'), 'utf8')).toMatch(/^<svg/u)
  })

  it('says how its embeddings came about', () => {
    const { method, quality, settings, losses } = trained.report.embeddings
    // A ring is small data, so that both ways were tried; the better one stayed.
    const sums = Object.entries(quality).map(([name, { hitRate, mrr }]) => [hitRate + mrr, name] as const)
    expect(sums).toHaveLength(2)
    expect(sums.toSorted(([a], [b]) => b - a)[0]![1]).toBe(method)
    expect(settings.dimension).toBe(trained.manifest.dimension)
    expect(losses.length > 0).toBe(method === 'sessions')
  })

  it('reports a rounding error of at most half a step', () => {
    const errors = trained.report.quantization.map(({ maxErrorOverRange }) => maxErrorOverRange)
    expect(errors).toHaveLength(4)
    // The graph's fifteen companded steps are widest at the top: (15² − 14²) / 15² / 2, of a scale rounded up by 1/32.
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.0665)
    // The others have steps of 1/254 of their range or less.
    expect(errors.toSorted((a, b) => b - a)[1]).toBeLessThanOrEqual(0.00395)
    expect(Math.min(...errors)).toBeGreaterThan(0)
  })

  it('holds no session of the data as a golden history', async () => {
    const golden = readGolden(trained.artifacts.get('golden')!, ITEMS)
    const { offsets, items } = input.sessions
    const known = new Set<string>()
    for (let s = 0; s + 1 < offsets.length; s++) known.add(items.subarray(offsets[s], offsets[s + 1]).join())
    const long = golden.cases.filter(({ history }) => history.length >= 5)
    expect(long.length).toBeGreaterThan(0)
    for (const { history } of long) expect(known.has(history.join())).toBe(false)
  })

  it('stops when its signal aborts', async () => {
    const controller = new AbortController()
    const running = trainModel(input, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('ends tuning when the budget is used up', async () => {
    let clock = 0
    const { report } = await trainModel(input, { budgetMs: 20, now: () => clock++ })
    expect(report.trials.length).toBeLessThan(12)
  })
})

describe('trainModel on little data', () => {
  it.each([3, 12, 40])('makes a model of %s sessions that fills lists', async (count) => {
    const { manifest, artifacts } = await trainModel(ringWorld(count))
    const model = await loadModel(manifest, artifacts)
    await selfTest(model)
    expect(await rankNext(model, ['p1'], 20)).toHaveLength(20)
    model.dispose()
  })

  it('refuses sessions in which no two items meet', async () => {
    const sessions = { offsets: Uint32Array.of(0, 1, 2, 3), items: Uint32Array.of(1, 2, 3) }
    await expect(trainModel({ ...ringWorld(1), sessions })).rejects.toMatchObject({ code: 'TOO_LITTLE_DATA' })
  })
})
