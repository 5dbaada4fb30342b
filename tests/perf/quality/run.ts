/** `bench quality`: how good the model is beside tuned baselines, what each way of making it smaller costs, and how few events suffice. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { ROOT } from '../../../scripts/run-command.js'
import { thisMachine } from '../measure/machine.ts'
import { qualityPlot } from './plot.ts'
import {
  type Difference,
  type Quality,
  type QualityReport,
  type ShopReport,
  type Variant,
  qualityLines,
  qualityMarkdown,
} from './report.ts'
import { SHOPS, type Shop, isThere } from './shops.ts'
import { vitrine } from './vitrine.ts'

const REPORT = join(ROOT, 'docs', 'benchmarks', 'quality.json')
const BUDGET = '15m'
/** What each version is made with; the first of them is what ships. */
const SMALLER: readonly { name: string; command: readonly string[] }[] = [
  { name: 'int4 embeddings', command: ['quantize', '--bits', '4'] },
  { name: '24 edges', command: ['prune', '--edges', '24'] },
  { name: '12 edges', command: ['prune', '--edges', '12'] },
  { name: '64 dimensions', command: ['prune', '--dimension', '64'] },
  { name: '32 dimensions', command: ['prune', '--dimension', '32'] },
]

/** What `vitrine evaluate --json` says that is used here. */
interface Evaluation extends Quality {
  cases: number
  bytes: number
  p50_ms: number
  p99_ms: number
  against?: Quality & { difference: Difference }
  baselines: Record<string, Quality & { coverage: number; difference: Difference }>
}

/** Measures the shops of which there is data; others keep what the report has of them. */
export async function run({ quick, signal, say, shops: wanted }: BenchmarkOptions): Promise<Outcome> {
  const chosen = SHOPS.filter(({ name }) => (wanted ? wanted.includes(name) : !quick || name === 'clothing'))
  const found: ShopReport[] = []
  for (const shop of chosen) {
    if (await isThere(shop)) found.push(await measure(shop, { quick, signal, say }))
    else say(`${shop.name}: skipped, ${shop.data} is not there`)
  }
  if (found.length === 0) throw new Error('No shop could be measured: its data is not beside the checkout.')
  const earlier = await readFile(REPORT, 'utf8').catch(() => '{"shops":[]}')
  const known = (JSON.parse(earlier) as QualityReport).shops
  const report: QualityReport = {
    shops: SHOPS.flatMap(({ name }) => {
      const of = (list: readonly ShopReport[]): ShopReport | undefined =>
        list.find(({ shop }) => shop === name)
      return of(found) ?? of(known) ?? []
    }),
  }
  return {
    report,
    lines: qualityLines({ shops: found }),
    markdown: qualityMarkdown(report),
    plot: qualityPlot(report),
  }
}

type Context = Pick<BenchmarkOptions, 'quick' | 'signal' | 'say'>

async function measure(shop: Shop, { quick, signal, say }: Context): Promise<ShopReport> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-quality-'))
  const at = (name: string): string => join(folder, name)
  const test = ['--sessions', at('test.txt')]
  const known = ['--train-sessions', at('train.txt')]
  try {
    say(`${shop.name}: reading`)
    await shop.prepare(shop.data, folder)
    say(`${shop.name}: training`)
    const { seconds, training } = (await vitrine(
      [
        'train',
        '--sessions',
        at('train.txt'),
        '--budget',
        BUDGET,
        '--model',
        shop.name,
        '--out',
        at('model'),
      ],
      signal,
    )) as { seconds: number; training: { items: number } }

    const evaluate = async (model: string, ...options: string[]): Promise<Evaluation> =>
      (await vitrine(['evaluate', '--model', model, ...test, ...options], signal)) as Evaluation
    say(`${shop.name}: tuning baselines`)
    const names = quick ? ['popularity', 'item-knn'] : undefined
    const twin = `fp32:${at('model')}`
    const int8 = await evaluate(
      at('model'),
      ...known,
      '--against',
      twin,
      ...(names ? ['--baselines', names.join(',')] : []),
    )
    const full = await evaluate(at('model'), '--precision', 'fp32', '--against', twin)
    const error = await roundingOf(at('model'), signal)
    const variants: Variant[] = [
      variantOf('fp32', full, { bytes: await fullBytes(at('model')) }),
      variantOf('int8', int8, { max_error_over_range: error }),
    ]
    for (const [place, { name, command }] of SMALLER.entries()) {
      say(`${shop.name}: ${name}`)
      const [verb = '', ...options] = command
      const made = (await vitrine(
        [verb, at('model'), '--out', at(`smaller-${place}`), ...options],
        signal,
      )) as Pick<Variant, 'parameter_ratio' | 'max_error_over_range'>
      variants.push(variantOf(name, await evaluate(at(`smaller-${place}`), '--against', twin), made))
    }
    return {
      shop: shop.name,
      measured: new Date().toISOString(),
      machine: thisMachine(),
      cases: int8.cases,
      items: training.items,
      train_seconds: seconds,
      variants,
      baselines: Object.entries(int8.baselines).map(
        ([name, { hit_rate, mrr, ndcg, coverage, difference }]) => ({
          name,
          hit_rate,
          mrr,
          ndcg,
          coverage,
          difference,
        }),
      ),
      growth: quick ? [] : await growthOf(shop, folder, int8, { signal, say }),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function variantOf(
  name: string,
  { hit_rate, mrr, ndcg, bytes, p50_ms, p99_ms, against }: Evaluation,
  known: Partial<Variant>,
): Variant {
  const { difference } = against!
  const plain = { parameter_ratio: 1, max_error_over_range: 0 }
  return { name, bytes, ...plain, hit_rate, mrr, ndcg, p50_ms, p99_ms, difference, ...pick(known) }
}

function pick({ bytes, parameter_ratio, max_error_over_range }: Partial<Variant>): Partial<Variant> {
  return {
    ...(bytes !== undefined && { bytes }),
    ...(parameter_ratio !== undefined && { parameter_ratio }),
    ...(max_error_over_range !== undefined && { max_error_over_range }),
  }
}

async function roundingOf(model: string, signal: AbortSignal): Promise<number> {
  const { artifacts } = (await vitrine(['inspect', model], signal)) as {
    artifacts: { role: string; max_error_over_range?: number }[]
  }
  return artifacts.find(({ role }) => role === 'embeddings')?.max_error_over_range ?? 0
}

async function fullBytes(model: string): Promise<number> {
  const { artifacts } = JSON.parse(await readFile(join(model, 'fp32', 'manifest.json'), 'utf8')) as {
    artifacts: { bytes: number }[]
  }
  return artifacts.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Trains on the newest sessions alone that hold so many events, and asks the same cases. */
async function growthOf(
  { name, events = [] }: Shop,
  folder: string,
  whole: Evaluation,
  { signal, say }: Pick<Context, 'signal' | 'say'>,
): Promise<ShopReport['growth']> {
  const sessions = (await readFile(join(folder, 'train.txt'), 'utf8')).trimEnd().split('\n')
  const steps: ShopReport['growth'] = []
  for (const most of events) {
    say(`${name}: ${most.toLocaleString('en')} events`)
    let count = 0
    let first = sessions.length
    while (first > 0 && count < most) count += sessions[--first]!.split(' ').length
    const part = join(folder, `train-${most}.txt`)
    const model = join(folder, `model-${most}`)
    await writeFile(part, sessions.slice(first).join('\n') + '\n')
    await vitrine(['train', '--sessions', part, '--model', name, '--out', model], signal)
    const asked = ['--sessions', join(folder, 'test.txt'), '--train-sessions', part]
    const baselines = ['--baselines', 'popularity,item-knn']
    const found = await vitrine(['evaluate', '--model', model, ...asked, ...baselines], signal)
    steps.push(stepOf(count, found as Evaluation))
  }
  if (steps.length > 0) {
    const all = sessions.reduce((sum, session) => sum + session.split(' ').length, 0)
    steps.push(stepOf(all, whole))
  }
  return steps
}

function only({ hit_rate, mrr, ndcg }: Quality): Quality {
  return { hit_rate, mrr, ndcg }
}

function stepOf(events: number, found: Evaluation): ShopReport['growth'][number] {
  return {
    events,
    model: only(found),
    popularity: only(found.baselines['popularity']!),
    item_knn: only(found.baselines['item-knn']!),
  }
}
