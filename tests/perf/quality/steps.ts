/** What is measured of one shop: the model trained, made smaller in every way, taken apart, and set beside baselines. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchmarkOptions } from '../../../scripts/bench.js'
import { thisMachine } from '../measure/machine.ts'
import { growthOf, pointOf } from './growth.ts'
import { openMeasuring } from './measuring.ts'
import type { Baseline, Exposure, Quality, Setting, ShopReport } from './report.ts'
import { measureHidden, measureShelves } from './shelves.ts'
import type { Shop } from './shops.ts'
import { measureVersions } from './versions.ts'

const BUDGET = '15m'
const KNOB = '0.05,0.1,0.2,0.3,0.5,0.8'
/** Of a quick run: enough to see that it runs. */
const QUICK_SESSIONS = { train: 800, test: 60 }

/** What `vitrine evaluate --json` says that is used here. */
interface Evaluation extends Quality, Exposure {
  sessions: number
  cases: number
  unknown_shopper?: ShopReport['unknown_shopper']
  by_prefix: ShopReport['by_prefix']
  by_popularity?: ShopReport['by_popularity']
  baselines: Record<string, Omit<Baseline, 'name'>>
  long_tail?: Setting[]
  ablations?: Setting[]
}

interface Trained {
  seconds: number
  training: { items: number; events: number }
}

/** Measures `shop`; steps that an earlier run finished with the same code are not done again. */
export async function measureShop(
  shop: Shop,
  { quick, signal, say }: Pick<BenchmarkOptions, 'quick' | 'signal' | 'say'>,
): Promise<ShopReport> {
  const measuring = await openMeasuring(shop, { quick, signal, say })
  const { kept, at, step, trainedOn, asked } = measuring
  const machine = thisMachine()
  const model = at('model')
  await kept.once('data', [], () => prepare(shop, kept.folder, quick))
  const trained = await step<Trained>('train', [
    'train',
    ...trainedOn,
    '--model',
    shop.name,
    '--out',
    model,
    '--force',
    ...(quick ? [] : ['--budget', BUDGET]),
  ])
  const { items, events } = trained.training
  const int8 = await step<Evaluation>('baselines', ['evaluate', '--model', model, ...asked])
  const { versions, loss } = await measureVersions(measuring, { model, items })
  const alone = ['evaluate', '--model', model, ...asked, '--baselines', 'none']
  const parts = await step<Evaluation>('parts', alone.concat('--ablate', '--long-tail', KNOB))
  const growth = quick ? [] : await growthOf(shop, kept.folder, step)
  const { coverage, gini, popularity_lift } = int8
  return {
    shop: shop.name,
    measured: new Date().toISOString(),
    machine,
    sessions: int8.sessions,
    cases: int8.cases,
    items,
    training_events: events,
    train_seconds: trained.seconds,
    exposure: { coverage, gini, ...(popularity_lift !== undefined && { popularity_lift }) },
    ...(int8.unknown_shopper && { unknown_shopper: int8.unknown_shopper }),
    by_prefix: int8.by_prefix,
    by_popularity: int8.by_popularity ?? {},
    int8_loss: loss,
    versions,
    baselines: Object.entries(int8.baselines)
      .map(([name, found]) => Object.assign({ name }, found))
      .toSorted((a, b) => b.hit_rate + b.mrr - a.hit_rate - a.mrr),
    published: shop.published ?? [],
    ablations: parts.ablations ?? [],
    long_tail: parts.long_tail ?? [],
    growth:
      growth.length > 0 ? [...growth, pointOf(events, int8.unknown_shopper ?? int8, int8.baselines)] : [],
    ...(shop.hasEvents && {
      shelves: await measureShelves(measuring, model),
      hidden: await measureHidden(measuring),
    }),
  }
}

/** Writes the sessions to train on and to ask about. */
async function prepare(shop: Shop, folder: string, quick: boolean): Promise<void> {
  await shop.prepare(shop.data, folder)
  if (!quick || shop.hasEvents) return
  for (const part of ['train', 'test'] as const) {
    const file = join(folder, `${part}.txt`)
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    const few = part === 'test' ? lines.slice(0, QUICK_SESSIONS.test) : lines.slice(-QUICK_SESSIONS.train)
    await writeFile(file, `${few.join('\n')}\n`)
  }
}
