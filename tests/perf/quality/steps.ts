/** What is measured of one shop: the model trained, made smaller in every way, taken apart, and set beside baselines. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BenchmarkOptions } from '../../../scripts/bench.js'
import { thisMachine } from '../measure/machine.ts'
import { growthOf, pointOf } from './growth.ts'
import { type Kept, openKept } from './kept.ts'
import type {
  Baseline,
  Difference,
  Exposure,
  Int8Loss,
  Interval,
  Quality,
  Setting,
  ShopReport,
  Version,
} from './report.ts'
import type { Shop } from './shops.ts'
import { sideBySide } from './side-by-side.ts'
import { vitrine } from './vitrine.ts'

const BUDGET = '15m'
/** Most of its own figure that int8 may lose of float32. */
const ALLOWED_LOSS = 0.005
/** The slowest to tune and to ask stand first: what runs beside them fills the time. */
const BASELINES = [
  ['stan'],
  ['session-knn'],
  ['popularity', 'session-popularity', 'item-knn', 'item-knn-pearson', 'sequential-rules'],
]
const KNOB = '0.05,0.1,0.2,0.3,0.5,0.8'
const TIMED_SESSIONS = 1000
/** Of a quick run: enough to see that it runs. */
const QUICK_SESSIONS = { train: 800, test: 60 }

/** A smaller version, and what makes it. */
interface Recipe {
  name: string
  command: readonly string[]
  /** Whether it learns again, from the sessions of its training. */
  learns?: boolean
}

/** Every way of making a model of `dimension` smaller. */
function recipesFor(dimension: number): Recipe[] {
  /** Divisible by 16, as kernels need it. */
  const part = (of: number): string => String(Math.max(16, 16 * Math.round(dimension / of / 16)))
  const half = part(2)
  const quarter = part(4)
  const cut = (kept: string): string => `${kept} of ${dimension} dimensions`
  return [
    { name: 'int4 embeddings', command: ['quantize', '--bits', '4'] },
    { name: '24 edges', command: ['prune', '--edges', '24'] },
    { name: '12 edges', command: ['prune', '--edges', '12'] },
    { name: cut(half), command: ['prune', '--dimension', half] },
    { name: `${cut(half)}, learned again`, command: ['prune', '--dimension', half], learns: true },
    { name: `${cut(quarter)}, learned again`, command: ['prune', '--dimension', quarter], learns: true },
    {
      name: `distilled: ${cut(half)}, 24 edges, int4`,
      command: ['distill', '--dimension', half, '--edges', '24', '--bits', '4'],
      learns: true,
    },
  ]
}

/** What `vitrine evaluate --json` says that is used here. */
interface Evaluation extends Quality, Exposure {
  sessions: number
  cases: number
  bytes: number
  p50_ms: number
  p99_ms: number
  by_prefix: ShopReport['by_prefix']
  by_popularity?: ShopReport['by_popularity']
  against?: Quality & { difference: Difference }
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
  const kept = await openKept(quick ? `${shop.name}-quick` : shop.name)
  const at = (name: string): string => join(kept.folder, name)
  const machine = thisMachine()
  const step = <T>(name: string, args: readonly string[]): Promise<T> =>
    kept.once(name, async () => {
      const started = performance.now()
      const result = await vitrine(args, signal)
      say(`${shop.name}: ${name}, ${Math.round((performance.now() - started) / 1000)} s`)
      return result
    }) as Promise<T>
  await kept.once('data', () => prepare(shop, kept, quick))
  const trained = await step<Trained>('train', [
    'train',
    '--sessions',
    at('train.txt'),
    '--model',
    shop.name,
    '--out',
    at('model'),
    '--force',
    ...(quick ? [] : ['--budget', BUDGET]),
  ])
  const twin = ['--against', `fp32:${at('model')}`]
  const evaluate = (name: string, model: string, ...options: string[]): Promise<Evaluation> =>
    step(`evaluate ${name}`, ['evaluate', '--model', model, '--sessions', at('test.txt'), ...options])
  const knowing = ['--train-sessions', at('train.txt')]
  const alone = [...knowing, '--baselines', 'none']

  const baselines: Record<string, Omit<Baseline, 'name'>> = {}
  const versions = new Map<string, Omit<Version, 'p50_ms' | 'p99_ms'>>()
  const models = new Map<string, readonly string[]>([
    ['fp32', [at('model'), '--precision', 'fp32']],
    ['int8', [at('model')]],
  ])
  let int8: Evaluation | undefined
  let parts: Evaluation | undefined
  const { dimension, error, full } = await kept.once('facts', () => factsOf(at('model'), signal))
  const recipes = recipesFor(dimension)
  await sideBySide([
    ...BASELINES.map((names) => async (): Promise<void> => {
      const asked = await evaluate(names.join(' '), at('model'), ...knowing, '--baselines', names.join(','))
      Object.assign(baselines, asked.baselines)
    }),
    async () => {
      int8 = await evaluate('int8', at('model'), ...alone, ...twin)
      versions.set('int8', versionOf('int8', int8, { max_error_over_range: error }))
    },
    async () => {
      const found = await evaluate('fp32', at('model'), '--precision', 'fp32', ...twin)
      versions.set('fp32', versionOf('fp32', { ...found, bytes: full }, {}))
    },
    async () => {
      parts = await evaluate('parts', at('model'), ...alone, '--ablate', '--long-tail', KNOB)
    },
    ...recipes.map(({ name, learns, command }, place) => async (): Promise<void> => {
      const [verb = '', ...options] = command
      const out = at(`smaller-${place}`)
      const made = await step<Pick<Version, 'parameter_ratio' | 'max_error_over_range'>>(`make ${name}`, [
        verb,
        at('model'),
        '--out',
        out,
        '--force',
        ...options,
        ...(learns ? ['--sessions', at('train.txt')] : []),
      ])
      versions.set(name, versionOf(name, await evaluate(name, out, ...twin), made))
      models.set(name, [out])
    }),
    async () => {
      const name = 'binary scan, int8 rescored'
      const found = await evaluate('binary scan', at('model'), '--scan', 'binary', ...twin)
      // The signs of all values beside the int8 table.
      const bytes = found.bytes + (trained.training.items * dimension) / 8
      versions.set(name, versionOf(name, { ...found, bytes }, { max_error_over_range: error }))
      models.set(name, [at('model'), '--scan', 'binary'])
    },
  ])

  const timed: Version[] = []
  // One after the other, with nothing beside them.
  for (const name of [
    'fp32',
    'int8',
    'binary scan, int8 rescored',
    ...recipes.map((recipe) => recipe.name),
  ]) {
    const [model = '', ...options] = models.get(name)!
    const { p50_ms, p99_ms } = await step<Evaluation>(`time ${name}`, [
      'evaluate',
      '--model',
      model,
      '--sessions',
      at('timed.txt'),
      ...options,
    ])
    timed.push({ ...versions.get(name)!, p50_ms, p99_ms })
  }
  const { coverage, gini, popularity_lift } = int8!
  return {
    shop: shop.name,
    measured: new Date().toISOString(),
    machine,
    sessions: int8!.sessions,
    cases: int8!.cases,
    items: trained.training.items,
    training_events: trained.training.events,
    train_seconds: trained.seconds,
    exposure: { coverage, gini, ...(popularity_lift !== undefined && { popularity_lift }) },
    by_prefix: int8!.by_prefix,
    by_popularity: int8!.by_popularity ?? {},
    int8_loss: lossOf(versions.get('int8')!, versions.get('fp32')!),
    versions: timed,
    baselines: BASELINES.flat()
      .map((name) => Object.assign({ name }, baselines[name]!))
      .toSorted((a, b) => b.hit_rate + b.mrr - a.hit_rate - a.mrr),
    published: shop.published ?? [],
    ablations: parts!.ablations ?? [],
    long_tail: parts!.long_tail ?? [],
    growth: quick
      ? []
      : [
          ...(await growthOf(shop, kept.folder, step)),
          ...(shop.events ? [pointOf(trained.training.events, int8!, baselines)] : []),
        ],
  }
}

/** Writes the sessions to train on, to ask about, and to time. */
async function prepare(shop: Shop, { folder }: Kept, quick: boolean): Promise<void> {
  await shop.prepare(shop.data, folder)
  const linesOf = async (name: string): Promise<string[]> =>
    (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n')
  const write = (name: string, lines: readonly string[]): Promise<void> =>
    writeFile(join(folder, name), `${lines.join('\n')}\n`)
  let test = await linesOf('test.txt')
  if (quick) {
    test = test.slice(0, QUICK_SESSIONS.test)
    await write('test.txt', test)
    await write('train.txt', (await linesOf('train.txt')).slice(-QUICK_SESSIONS.train))
  }
  const apart = Math.max(1, Math.floor(test.length / TIMED_SESSIONS))
  await write(
    'timed.txt',
    test.filter((_, at) => at % apart === 0),
  )
}

/** Dimension and rounding error of the model's embeddings, and the bytes of its float32 twin. */
async function factsOf(
  model: string,
  signal: AbortSignal,
): Promise<{ dimension: number; error: number; full: number }> {
  const { dimension, artifacts } = (await vitrine(['inspect', model], signal)) as {
    dimension: number
    artifacts: { role: string; max_error_over_range?: number }[]
  }
  const twin = JSON.parse(await readFile(join(model, 'fp32', 'manifest.json'), 'utf8')) as {
    artifacts: { bytes: number }[]
  }
  return {
    dimension,
    error: artifacts.find(({ role }) => role === 'embeddings')?.max_error_over_range ?? 0,
    full: twin.artifacts.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

function versionOf(
  name: string,
  { hit_rate, mrr, ndcg, bytes, against }: Evaluation,
  made: Partial<Pick<Version, 'parameter_ratio' | 'max_error_over_range'>>,
): Omit<Version, 'p50_ms' | 'p99_ms'> {
  const { parameter_ratio = 1, max_error_over_range = 0 } = made
  const { difference } = against!
  return { name, bytes, parameter_ratio, max_error_over_range, hit_rate, mrr, ndcg, difference }
}

function lossOf(
  { difference }: Pick<Version, 'difference'>,
  full: Pick<Version, 'hit_rate' | 'mrr'>,
): Int8Loss {
  const hitRate = shareOf(difference.hit_rate, full.hit_rate)
  const mrr = shareOf(difference.mrr, full.mrr)
  const holds = Math.max(hitRate.mean, mrr.mean) <= ALLOWED_LOSS
  return { hit_rate: hitRate, mrr, allowed: ALLOWED_LOSS, holds }
}

/** A loss as a share of `whole`; what is gained is below 0. */
function shareOf({ mean, low, high }: Interval, whole: number): Interval {
  return { mean: -mean / whole, low: -high / whole, high: -low / whole }
}
