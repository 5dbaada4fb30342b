import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type CatalogueItem, artifactOf, isVitrineError } from '@vitrine/contracts'
import {
  type Model,
  type StoredReranker,
  loadModel,
  rankNext,
  readEmbeddings,
  recommend,
  selfTest,
} from '@vitrine/recommender'
import { type TrainedModel, trainModel, writeRevision } from '../train/index.ts'
import { withRanker } from '../train/pack-revision.ts'
import { createRandom } from '../train/random.ts'
import { writeTwins } from '../train/revision-folder.ts'
import { type Missing, type Refreshed, refreshCatalogue } from './refresh-catalogue.ts'

// Training takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

const FAMILIES = 6
const SIZE = 14
const COLOURS = ['red', 'blue', 'green', 'white', 'black', 'pink', 'gold']
const WORDS = ['mug', 'lamp', 'scarf', 'clock', 'plate', 'candle']

/** Item `p<i>` of a family that shares a word, a category and about a price. */
const CATALOGUE: CatalogueItem[] = Array.from({ length: FAMILIES * SIZE }, (_, i) => {
  const family = Math.floor(i / SIZE)
  const word = WORDS[family]!
  return {
    id: `p${i}`,
    title: `${COLOURS[i % COLOURS.length]} ${word} ${i}`,
    category: word,
    price: 10 * 2 ** family,
  }
})

/** Visits stay within a family. */
function sessions(count: number): { offsets: Uint32Array; items: Uint32Array } {
  const random = createRandom(5)
  const items = Array.from({ length: count }, () => {
    const family = Math.floor(FAMILIES * random())
    return Array.from({ length: 5 }, () => family * SIZE + Math.floor(SIZE * random()))
  })
  return {
    offsets: Uint32Array.from({ length: count + 1 }, (_, s) => 5 * s),
    items: Uint32Array.from(items.flat()),
  }
}

let folder = ''
let trained: TrainedModel

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-refresh-'))
  trained = await trainModel({
    modelId: 'families',
    catalogue: CATALOGUE,
    sessions: sessions(1500),
    seed: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
  })
  await writeRevision(folder, trained)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const refresh = (
  newer: readonly CatalogueItem[],
  missing: Missing = 'keep',
  from: string = folder,
): Promise<Refreshed> =>
  refreshCatalogue(from, newer, {
    missing,
    createdAt: '2026-02-01T00:00:00.000Z',
    seed: 1,
    signal: new AbortController().signal,
  })

const load = ({ revision: { manifest, artifacts } }: Pick<Refreshed, 'revision'>): Promise<Model> =>
  loadModel(manifest, artifacts)

/** Whether a device would use it. */
async function isFit(made: Pick<Refreshed, 'revision'>): Promise<boolean> {
  const model = await load(made)
  try {
    await selfTest(model)
    return true
  } catch (error) {
    if (isVitrineError(error) && error.code === 'SELF_TEST_FAILED') return false
    throw error
  } finally {
    model.dispose()
  }
}

describe('a refreshed catalogue', () => {
  const dearer = CATALOGUE.map((item, i) => (i < SIZE ? { ...item, price: 64 * item.price! } : item))

  it('has new prices, answers of its own, and everything that was learned to the byte', async () => {
    const made = await refresh(dearer)
    expect(made).toMatchObject({ changed: SIZE, added: 0, missing: 0, from: trained.manifest.revision })
    const model = await load(made)
    await selfTest(model)
    const { items } = await recommend(model, { placement: 'home', k: 3, where: { minPrice: 630 } }, [])
    expect(items.every(({ details }) => details!.price! >= 630)).toBe(true)
    model.dispose()
    for (const role of ['graph', 'embeddings', 'encoder', 'statistics', 'reranker'] as const) {
      expect(made.revision.artifacts.get(role)).toEqual(trained.artifacts.get(role))
    }
  })

  it('has answers of its own, as a ranker that reads the catalogue gives others than before', async () => {
    const reranker: StoredReranker = {
      candidates: { limit: 50, hopSeeds: 0, scan: 50 },
      features: ['priceDistance'],
      means: [0],
      deviations: [1],
      layers: [{ inputs: 1, outputs: 1, weights: [-1], biases: [0] }],
    }
    const reading = join(folder, 'reading')
    const [before, twin] = [trained, trained.fullPrecision].map((each) => withRanker(each, reranker))
    await mkdir(reading)
    await writeTwins(reading, before!, twin!)
    // Its answers are still those of the ranker before, and so it is not fit to be used.
    await expect(isFit({ revision: before! })).resolves.toBe(false)
    const made = await refresh(dearer, 'keep', reading)
    await expect(isFit(made)).resolves.toBe(true)
    const { manifest, artifacts } = made.revision
    const [catalogue, described] = [trained.artifacts.get('catalogue')!, manifest.artifacts]
    const asBefore = {
      manifest: {
        ...manifest,
        artifacts: described.map((each) =>
          each.role === 'catalogue' ? artifactOf(trained.manifest, 'catalogue')! : each,
        ),
      },
      artifacts: new Map(artifacts).set('catalogue', catalogue),
    }
    await expect(isFit({ revision: asBefore })).resolves.toBe(false)
  })

  it('has new items among those that they are like, without a visit', async () => {
    const made = await refresh([...CATALOGUE, { id: 'new', title: 'teal lamp', category: 'lamp', price: 20 }])
    expect(made).toMatchObject({ changed: 0, added: 1, placed: 1 })
    const model = await load(made)
    await selfTest(model)
    const { items } = await recommend(model, { placement: 'similar', anchor: 'new', k: 5 }, [])
    for (const { item } of items) expect(Math.floor(Number(item.slice(1)) / SIZE)).toBe(1)
    expect(await rankNext(model, ['new'], 5)).toHaveLength(5)
    model.dispose()
    // Rows of known items are the bytes that devices have.
    const [before, after] = [trained.artifacts, made.revision.artifacts].map(
      (artifacts) => readEmbeddings(artifacts.get('embeddings')!).values,
    )
    expect(after!.subarray(0, before!.length)).toEqual(before)
  })

  it('keeps what it does not name, or takes it off the shelves of what is in stock', async () => {
    const some = dearer.slice(SIZE / 2)
    const kept = await refresh(some)
    expect(kept.missing).toBe(SIZE / 2)
    const inStock = async (made: Refreshed): Promise<string[]> => {
      const model = await load(made)
      const request = { placement: 'home', k: CATALOGUE.length, where: { inStock: true } }
      const { items } = await recommend(model, request, [])
      model.dispose()
      return items.map(({ item }) => item)
    }
    expect(await inStock(kept)).toContain('p0')
    const hidden = await inStock(await refresh(some, 'out-of-stock'))
    expect(hidden).not.toContain('p0')
    expect(hidden).toHaveLength(CATALOGUE.length - SIZE / 2)
  })

  it('is refused where it says nothing new', async () => {
    await expect(refresh(CATALOGUE)).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: expect.stringContaining('nothing to refresh'),
    })
  })
})
