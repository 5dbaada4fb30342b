/** The ranker learns from what a catalogue says of its items where that says more than the sessions do. */
import type { CatalogueItem } from '@vitrine/contracts'
import { type FeatureName, loadModel, rankNext, selfTest } from '@vitrine/recommender'
import { describe, expect, it, vi } from 'vitest'
import { createRandom } from './random.ts'
import { type TrainedModel, trainModel } from './index.ts'

// Training takes seconds on a quiet machine, many on a busy one.
vi.setConfig({ testTimeout: 120_000 })

const CATEGORIES = 150
const ITEMS = 3000
/** Of the steps that lead anywhere. */
const NOISE = 0.4

/** Visits that keep to one category, noise aside: few of its pairs ever meet, and most pairs that meet are noise. */
function train(describeItem: (item: number) => CatalogueItem): Promise<TrainedModel> {
  const random = createRandom(11)
  const offsets = [0]
  const items: number[] = []
  for (let s = 0; s < 5000; s++) {
    const category = Math.floor(CATEGORIES * random())
    const length = 2 + Math.floor(3 * random())
    for (let i = 0; i < length; i++) {
      const isNoise = random() < NOISE
      items.push(
        isNoise
          ? Math.floor(ITEMS * random())
          : category + CATEGORIES * Math.floor((ITEMS / CATEGORIES) * random()),
      )
    }
    offsets.push(items.length)
  }
  return trainModel({
    modelId: 'drawers',
    catalogue: Array.from({ length: ITEMS }, (_, item) => describeItem(item)),
    sessions: { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) },
    seed: 5,
    createdAt: '2026-01-01T00:00:00.000Z',
  })
}

function featuresOf({ artifacts }: TrainedModel): FeatureName[] {
  return (JSON.parse(Buffer.from(artifacts.get('reranker')!).toString()) as { features: FeatureName[] })
    .features
}

function qualityOf({ report }: TrainedModel): number {
  return report.stages.at(-1)!.hitRate
}

describe('a ranker', () => {
  it('goes by categories where visits keep to them', async () => {
    const told = await train((item) => ({
      id: `p${item}`,
      title: `p${item}`,
      category: `c${item % CATEGORIES}`,
    }))
    const blind = await train((item) => ({ id: `p${item}`, title: `p${item}` }))
    expect(featuresOf(told)).toContain('categoryShare')
    expect(featuresOf(told)).not.toContain('priceStep')
    expect(featuresOf(blind).filter((name) => /^(?:category|price|title)/u.test(name))).toEqual([])
    expect(qualityOf(told)).toBeGreaterThan(1.25 * qualityOf(blind))

    const model = await loadModel(told.manifest, told.artifacts)
    await selfTest(model)
    const best = await rankNext(model, ['p1'], 10)
    const alike = best.filter((id) => Number(id.slice(1)) % CATEGORIES === 1)
    expect(alike.length).toBeGreaterThanOrEqual(4)
    model.dispose()
  })
})
