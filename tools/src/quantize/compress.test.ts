import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { artifactOf } from '@vitrine/contracts'
import { loadModel, rankNext, selfTest } from '@vitrine/recommender'
import { type TrainedModel, trainModel, writeRevision } from '../train/index.ts'
import { createRandom } from '../train/random.ts'
import { type LearningBasis, createBasis } from '../train/learning-basis.ts'
import { readEarlier } from '../data/read-earlier.ts'
import { writeTrainingRecord } from '../data/training-record.ts'
import { readHead } from '../train/revision-folder.ts'
import { writeCompressionCard } from '../report/compression-card.ts'
import { type Compressed, type Compression, compressRevision } from './compress.ts'
import { createRun } from '../train/run.ts'
import { createTeacher, sharesOf } from './teacher.ts'

// Training takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const ITEMS = 60
const run = { createdAt: '2026-01-01T00:00:00.000Z', seed: 1, signal: new AbortController().signal }

let folder = ''
let trained: TrainedModel

/** Walks along a ring, one or two steps at a time. */
function sessions(count: number): { offsets: Uint32Array; items: Uint32Array } {
  const random = createRandom(3)
  const offsets = [0]
  const items: number[] = []
  for (let s = 0; s < count; s++) {
    let item = Math.floor(ITEMS * random())
    for (let i = 0; i < 5; i++) {
      items.push(item)
      item = (item + (random() < 0.7 ? 1 : 2)) % ITEMS
    }
    offsets.push(items.length)
  }
  return { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-compress-'))
  trained = await trainModel({
    modelId: 'ring',
    catalogue: Array.from({ length: ITEMS }, (_, i) => ({ id: `p${i}`, title: `Product ${i}` })),
    sessions: sessions(1500),
    ...run,
  })
  await writeRevision(folder, trained)
  await writeTrainingRecord(folder, {
    sessions: 1500,
    events: 7500,
    items: ITEMS,
    holdout: 0,
    seed: 1,
    graph: trained.report.settings,
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Hits among the best three over all single items. */
async function hitsOf({ revision }: Pick<Compressed, 'revision'>): Promise<number> {
  const model = await loadModel(revision.manifest, revision.artifacts)
  try {
    await selfTest(model)
    let hits = 0
    for (let item = 0; item < ITEMS; item++) {
      const list = await rankNext(model, [`p${item}`], 3)
      if (list.includes(`p${(item + 1) % ITEMS}`)) hits++
    }
    return hits
  } finally {
    model.dispose()
  }
}

function bytesOfEmbeddings({ manifest }: Pick<TrainedModel, 'manifest'>): number {
  return artifactOf(manifest, 'embeddings')!.bytes
}

/** What the ring's ranker learned from. */
async function basisOf(): Promise<LearningBasis> {
  const earlier = await readEarlier(folder, run.signal)
  // Of other weights it would still multiply by these.
  expect(earlier.evidence.encoder.kernel).toBeUndefined()
  const visits = { ids: earlier.ids, sessions: sessions(1500) }
  // The catalogue of this test has the ring's own numbers.
  return createBasis(earlier, await readHead(folder), visits, 1)
}

const compressed = (compression: Compression): Promise<Compressed> =>
  compressRevision(folder, compression, run)

describe('compressRevision', () => {
  it('gives the very artifacts again when nothing is left out', async () => {
    const { revision, bytes, parameterRatio } = await compressed({})
    expect(revision.manifest.revision).toBe(trained.manifest.revision)
    expect(bytes.after).toBe(bytes.before)
    expect(parameterRatio).toBe(1)
  })

  it('halves the embeddings with 4 bits, and ranks nearly alike', async () => {
    const { revision, quantization } = await compressed({ bits: 4 })
    expect(bytesOfEmbeddings(revision)).toBeLessThan(0.65 * bytesOfEmbeddings(trained))
    expect(quantization.find(({ role }) => role === 'embeddings')!.maxErrorOverRange).toBeGreaterThan(0.01)
    expect(await hitsOf({ revision })).toBeGreaterThan(0.9 * (await hitsOf({ revision: trained })))
  })

  it('keeps the strongest edges', async () => {
    const { revision, parameterRatio } = await compressed({ edges: 3 })
    expect(artifactOf(revision.manifest, 'graph')!.shape[0]).toBeLessThanOrEqual(3 * ITEMS)
    expect(parameterRatio).toBeLessThan(1)
    expect(await hitsOf({ revision })).toBeGreaterThan(0.9 * ITEMS)
  })

  it('keeps the dimensions in which items differ most', async () => {
    const { revision } = await compressed({ dimension: 16 })
    expect(revision.manifest.dimension).toBe(16)
    expect(await hitsOf({ revision })).toBeGreaterThan(0.8 * ITEMS)
    await expect(compressed({ dimension: 24 })).rejects.toMatchObject({ code: 'INVALID_OPTIONS' })
  })

  it('learns again with what is left, and ranks no worse than what was only cut', async () => {
    const cut = await compressed({ dimension: 16, edges: 2 })
    const learned = await compressRevision(
      folder,
      { dimension: 16, edges: 2, hidden: 8 },
      { ...run, basis: await basisOf(), isTaught: true },
    )
    const { manifest } = learned.revision
    expect(manifest.dimension).toBe(16)
    expect(learned.parameterRatio).toBeLessThanOrEqual(cut.parameterRatio)
    expect(learned.stages.map(({ name }) => name)).toContain('taught network')
    expect(await hitsOf(learned)).toBeGreaterThanOrEqual(await hitsOf(cut))
    const card = writeCompressionCard(learned, '# ring · before')
    expect(card).toContain('16 dimensions, a ranker of 8 units, learned again')
    expect(card).toContain('### ring · before')
  })

  it('takes the popularity off without touching the tables', async () => {
    const { revision } = await compressed({ longTail: 0.5 })
    expect(artifactOf(revision.manifest, 'embeddings')).toEqual(artifactOf(trained.manifest, 'embeddings'))
    expect(artifactOf(revision.manifest, 'reranker')).not.toEqual(artifactOf(trained.manifest, 'reranker'))
    await hitsOf({ revision }) // Its golden answers are its own: the self-test passes.
  })
})

describe('a teacher', () => {
  it('gives every case one in all, most of it to what the shopper did', async () => {
    const teacher = await createTeacher(await basisOf(), createRun({}))
    const { lists } = teacher
    const shares = sharesOf(teacher, lists)
    for (const [c, target] of lists.targets.entries()) {
      const [first, end] = [lists.offsets[c]!, lists.offsets[c + 1]!]
      const all = shares.subarray(first, end)
      expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4)
      if (target >= 0) expect(all[target]).toBeGreaterThanOrEqual(0.5)
    }
    expect(teacher.stage.hitRate).toBeGreaterThan(50)
  })
})
