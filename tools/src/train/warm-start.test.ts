import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadModel, rankNext, readEmbeddings, selfTest } from '@vitrine/recommender'
import { readEarlier } from '../data/read-earlier.ts'
import { writeTrainingRecord } from '../data/training-record.ts'
import { type TrainInput, type TrainedModel, trainModel, writeRevision } from './index.ts'
import { createRandom } from './random.ts'

// Training takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const ITEMS = 60

/** Walks along a ring of `p0` to `p59`; `news` more sessions go to and fro between `p7` and the new `fresh`. */
function shop(count: number, news = 0): TrainInput {
  const random = createRandom(3)
  const offsets = [0]
  const items: number[] = []
  const end = (): unknown => offsets.push(items.length)
  for (let s = 0; s < count; s++) {
    let item = Math.floor(ITEMS * random())
    for (let i = 0; i < 5; i++) {
      items.push(item)
      item = (item + (random() < 0.7 ? 1 : 2)) % ITEMS
    }
    end()
  }
  for (let s = 0; s < news; s++) {
    items.push(7, ITEMS, 7, ITEMS)
    end()
  }
  const ids = [...Array.from({ length: ITEMS }, (_, i) => `p${i}`), ...(news > 0 ? ['fresh'] : [])]
  return {
    modelId: 'ring',
    catalogue: ids.map((id) => ({ id, title: id })),
    sessions: { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) },
    seed: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
  }
}

let folder = ''
let first: TrainedModel
let second: TrainedModel

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-warm-'))
  first = await trainModel(shop(1500))
  await writeRevision(folder, first)
  const facts = { sessions: 1500, events: 7500, items: ITEMS, holdout: 0, seed: 1 }
  await writeTrainingRecord(folder, { ...facts, graph: first.report.settings })
  const from = await readEarlier(folder, new AbortController().signal)
  second = await trainModel({ ...shop(1500, 60), from })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Rows of the int8 embeddings. */
function rowsOf({ artifacts }: TrainedModel): Int8Array[] {
  const { count, dimension, values } = readEmbeddings(artifacts.get('embeddings')!)
  return Array.from({ length: count }, (_, row) =>
    (values as Int8Array).slice(row * dimension, (row + 1) * dimension),
  )
}

describe('training from an earlier revision', () => {
  it('learns the items that changed and keeps the bytes of all others', () => {
    const [before, after] = [rowsOf(first), rowsOf(second)]
    const changed = after.flatMap((row, item) => (row.join() === before[item]?.join() ? [] : [item]))
    expect(changed).toEqual([7, ITEMS])
    expect(second.artifacts.get('encoder')).toEqual(first.artifacts.get('encoder'))
    expect(second.artifacts.get('reranker')).toEqual(first.artifacts.get('reranker'))
  })

  it('recommends the new item where it belongs, and passes its own golden answers', async () => {
    const model = await loadModel(second.manifest, second.artifacts)
    try {
      await selfTest(model)
      expect(await rankNext(model, ['p7'], 5)).toContain('fresh')
      expect(await rankNext(model, ['p30'], 3)).toContain('p31')
    } finally {
      model.dispose()
    }
  })

  it('says how far the shop has moved', () => {
    const { drift } = second.report
    expect(drift).toMatchObject({ from: first.manifest.revision, added: 1, removed: 0, learned: 2 })
    expect(drift!.graphRows).toBeLessThan(10)
    expect(drift!.cosine).toBeGreaterThan(0)
    expect(drift!.cosine).toBeLessThan(1)
    expect(drift!.popularity).toBeGreaterThan(0)
  })

  it('needs to know how the earlier graph was counted', async () => {
    await writeFile(join(folder, 'training.json'), '{}')
    await expect(readEarlier(folder, new AbortController().signal)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    })
  })
})
