/** A shop whose shoppers come back for what they had: the ranker of the next item knows them, and says what that is worth. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRandom } from '../src/train/random.ts'
import { run } from './command.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const [SHOPPERS, ITEMS, OWN, VISITS] = [120, 150, 8, 14]

let folder = ''
const at = (name: string): string => join(folder, name)

/** Each shopper has things of their own that nothing in the catalogue connects, and takes some of them at every visit. */
function visitsOfRegulars(): string {
  const random = createRandom(21)
  const below = (n: number): number => Math.floor(n * random())
  const own = Array.from({ length: SHOPPERS }, () => Array.from({ length: OWN }, () => below(ITEMS)))
  const rows = Array.from({ length: SHOPPERS * VISITS }, (_, visit) => {
    const shopper = visit % SHOPPERS
    return Array.from({ length: 5 }, (_, i) => {
      const item = random() < 0.8 ? own[shopper]![below(OWN)]! : below(ITEMS)
      const time = new Date(Date.UTC(2026, 0, 1) + visit * HOUR + i * MINUTE).toISOString()
      return `v${visit},u${shopper},${time},p${item}`
    })
  })
  return ['session,user,time,item', ...rows.flat(), ''].join('\n')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-regulars-'))
  await writeFile(at('visits.csv'), visitsOfRegulars())
  const columns = 'session=session,user=user,item=item,time=time'
  await run(['import', at('visits.csv'), '--columns', columns, '--out', at('shop')])
  await run(['train', '--events', at('shop'), '--holdout', '0.1', '--out', at('model')])
}, 3 * MINUTE)
afterAll(() => rm(folder, { recursive: true }))

it(
  'ranks by earlier visits, for which it asks those of each shopper alone',
  { timeout: 3 * MINUTE },
  async () => {
    const ranker = JSON.parse(await readFile(at('model/reranker.json'), 'utf8')) as {
      features: string[]
      candidates: { past: number }
    }
    expect(ranker.features).toContain('pastOwn')
    expect(ranker.candidates.past).toBeGreaterThan(0)
    const held = ['--model', at('model'), '--events', at('shop')]
    const evaluated = await run(['evaluate', ...held, '--baselines', 'none', '--ablate', '--json'])
    const report = JSON.parse(evaluated.stdout) as {
      hit_rate: number
      unknown_shopper: { hit_rate: number; difference: { hit_rate: { low: number } } }
      ablations: { name: string; hit_rate: number; difference: { hit_rate: { high: number } } }[]
    }
    expect(report.unknown_shopper.difference.hit_rate.low).toBeGreaterThan(0.1)
    const unknown = report.ablations.find(({ name }) => name === 'the shopper unknown')!
    expect(unknown.difference.hit_rate.high).toBeLessThan(-0.1)
  },
)
