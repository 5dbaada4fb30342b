/** The whole command line: exit codes, and what is on which stream. */
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Outcome, run, start } from './command.ts'
import { syntheticVisits, toCsv, toLines } from './synthetic-shop.ts'

const MINUTE = 60_000

let folder = ''
let imported: Outcome
let trained: Outcome
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const at = (name: string): string => join(folder, name)
const json = ({ stdout }: Outcome): Record<string, unknown> => {
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  return JSON.parse(stdout) as Record<string, unknown>
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-cli-'))
  const visits = syntheticVisits()
  await writeFile(at('clicks.csv'), toCsv(visits))
  await writeFile(at('test.txt'), toLines(syntheticVisits({ count: 40, seed: 99 })))
  await writeFile(at('train.txt'), toLines(visits))
  const columns = 'session=session,item=item,time=time,title=title,price=price'
  imported = await run(['import', at('clicks.csv'), '--columns', columns, '--out', at('shop'), '--json'])
  trained = await run(['train', '--events', at('shop'), '--holdout', '0.1', '--out', at('model'), '--json'])
}, 3 * MINUTE)
afterAll(() => rm(folder, { recursive: true }))

describe('vitrine', { timeout: MINUTE }, () => {
  it('answers --help of every command with examples, and --version', async () => {
    const { stdout, code } = await run(['--help'])
    expect(code).toBe(0)
    for (const name of 'import train pairs quantize prune distill spread refresh evaluate recommend inspect publish rollback rollout serve keys'.split(
      ' ',
    )) {
      expect(stdout).toContain(`\n  ${name} `)
    }
    const help = await run(['evaluate', '--help'])
    expect(help.stdout).toMatch(/Examples:\n {2}vitrine evaluate/u)
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/u)
  })

  it('writes nothing but one JSON object to standard output with --json', async () => {
    const { outcome } = start(['evaluate', '--model', at('model'), '--sessions', at('test.txt'), '--json'])
    const ended = await outcome
    expect(ended.code).toBe(0)
    expect(json(ended)).toHaveProperty('hit_rate')
    expect(ended.stderr).toContain('evaluate: ')
  })

  it('says what is wrong with a code, on standard error, and exits with 1', async () => {
    expect(await run(['train', '--out', at('none')])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error INVALID_OPTIONS: /mu) as string,
    })
    expect(await run(['evaluate', '--model', at('none'), '--sessions', at('test.txt')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('error MODEL_NOT_FOUND: ') as string,
    })
    const failed = await run(['import', at('none.csv'), '--preset', 'ga4', '--out', at('x'), '--json'])
    expect(failed.code).toBe(1)
    expect(json(failed)).toEqual({
      error: { code: 'INPUT_NOT_FOUND', message: expect.any(String) as string },
    })
    await expect(stat(at('x'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('imports events and a catalogue', () => {
    expect(imported.code).toBe(0)
    expect(json(imported)).toMatchObject({ sessions: 400, items: 48, unparsable: [] })
  })

  it('trains a revision folder with a record of what it has seen', async () => {
    expect(trained.code).toBe(0)
    expect(json(trained)).toMatchObject({
      model: 'model',
      training: { sessions: 360, items: 48, holdout: 0.1 },
    })
    const files = await readdir(at('model'))
    expect(files).toEqual(expect.arrayContaining(['manifest.json', 'training.json', 'MODEL_CARD.md']))
    expect(JSON.parse(await readFile(at('model/training.json'), 'utf8'))).toHaveProperty('trainedThrough')
  })

  it('does not overwrite a model unless told to', async () => {
    const again = await run(['train', '--sessions', at('train.txt'), '--out', at('model')])
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('OUTPUT_EXISTS') as string })
  })

  it('evaluates on the events after training, beside baselines', async () => {
    const report = json(await run(['evaluate', '--model', at('model'), '--events', at('shop'), '--json']))
    expect(report).toMatchObject({ sessions: 40, k: 20, precision: 'int8' })
    for (const name of ['cases', 'hit_rate', 'mrr', 'ndcg', 'coverage', 'bytes', 'p50_ms']) {
      expect(report[name]).toBeGreaterThan(0)
    }
    expect(report['hit_rate']).toBeLessThanOrEqual(1)
    const { popularity } = report['baselines'] as Record<
      string,
      { mrr: number; difference: { mrr: { low: number } } }
    >
    expect(popularity!.difference.mrr.low).toBeGreaterThan(0.1)
    expect(popularity!.mrr).toBeLessThan(report['mrr'] as number)
  })

  it('refuses to evaluate on what the model was trained on', async () => {
    await run(['train', '--events', at('shop'), '--out', at('whole')])
    expect(await run(['evaluate', '--model', at('whole'), '--events', at('shop')])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/error NOTHING_HELD_OUT: .*--holdout 0\.1/u) as string,
    })
  })

  it('writes lists that score as evaluate says', async () => {
    const common = ['--model', at('model'), '--sessions', at('test.txt'), '--k', '5', '--json']
    const written = json(await run(['recommend', ...common, '--out', at('lists.ndjson')]))
    const report = json(await run(['evaluate', ...common]))
    const lines = (await readFile(at('lists.ndjson'), 'utf8')).trimEnd().split('\n')
    const lists = lines.map(
      (line) => JSON.parse(line) as { session: number; prefix: number; target: string; items: string[] },
    )
    expect(lists).toHaveLength(written['lines'] as number)
    expect(lists[0]).toMatchObject({ session: 0, prefix: 1 })
    expect(lists.every(({ items }) => items.length === 5)).toBe(true)
    const ranks = lists.map(({ items, target }) => items.indexOf(target) + 1)
    expect(report['cases']).toBe(lists.length)
    expect(report['hit_rate']).toBeCloseTo(mean(ranks.map((rank) => (rank > 0 ? 1 : 0))), 12)
    expect(report['mrr']).toBeCloseTo(mean(ranks.map((rank) => (rank > 0 ? 1 / rank : 0))), 12)
  })

  it('explains one list', async () => {
    const { stdout, code } = await run([
      'recommend',
      '--model',
      at('model'),
      '--history',
      '100,101',
      '--k',
      '3',
    ])
    expect(code).toBe(0)
    expect(stdout).toMatch(/personal, revision/u)
    expect(stdout).toMatch(/102 {2}Red Mug 102/u)
  })

  it('inspects a whole revision, and refuses a bent one', async () => {
    const report = json(await run(['inspect', at('model'), '--item', '100', '--json']))
    expect(report).toMatchObject({
      items: 48,
      item: { id: '100', title: 'Red Mug 100', category: 'Tableware' },
    })
    const graph = await readFile(at('whole/graph.bin'))
    graph[graph.length >> 1]! ^= 1
    await writeFile(at('whole/graph.bin'), graph)
    expect(await run(['inspect', at('whole')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ARTIFACT_CORRUPT') as string,
    })
  })

  it('refreshes a revision by a newer catalogue, without training', async () => {
    const [first, ...rest] = (await readFile(at('shop/catalogue.ndjson'), 'utf8')).trimEnd().split('\n')
    const dearer = { ...(JSON.parse(first!) as { id: string; price: number }), price: 99 }
    await writeFile(at('newer.ndjson'), `${[JSON.stringify(dearer), ...rest].join('\n')}\n`)
    const common = ['refresh', at('model'), '--catalogue', at('newer.ndjson'), '--out', at('refreshed')]
    const made = json(await run([...common, '--json']))
    expect(made).toMatchObject({ model: 'model', changed: 1, added: 0, missing: 0 })
    const { stdout } = await run(['inspect', at('refreshed')])
    expect(stdout).toContain(made['revision'])
    expect(await readFile(at('refreshed/MODEL_CARD.md'), 'utf8')).toContain('by a newer catalogue')
    // What it was trained through is as before: it can be evaluated.
    const report = json(await run(['evaluate', '--model', at('refreshed'), '--events', at('shop'), '--json']))
    expect(report['hit_rate']).toBeGreaterThan(0)
    expect(await run(common)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('OUTPUT_EXISTS') as string,
    })
  })

  it('reads sessions from standard input', async () => {
    const { stdout, code } = await run(['recommend', '--model', at('model'), '--sessions', '-', '--k', '2'], {
      input: '100 101 102\n',
    })
    expect(code).toBe(0)
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { target: string }).target),
    ).toEqual(['101', '102'])
  })
})

describe('keys signing', { timeout: MINUTE }, () => {
  it('makes a key that is never overwritten, and lets another follow it', async () => {
    const file = at('keys.json')
    const signing = async (...args: string[]) => run(['keys', 'signing', ...args, file, '--json'])
    const first = json(await signing('create'))['trustedKeys'] as string[]
    expect(first).toEqual([expect.stringMatching(/^ed25519:[0-9a-f]{64}$/u)])
    expect(await signing('create')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('OUTPUT_EXISTS') as string,
    })
    const second = json(await signing('rotate'))['trustedKeys'] as string[]
    expect(second).toHaveLength(2)
    expect(second[1]).toBe(first[0])
    const third = json(await signing('rotate', '--revoke'))
    expect(third).toMatchObject({ trustedKeys: [expect.not.stringContaining(second[0]!)], keySet: 2 })
    expect(json(await signing('list'))).toEqual(third)
  })
})

describe('serve, keys, publish, rollback', { timeout: MINUTE }, () => {
  it('publish what a device then gets, and roll back', async () => {
    const endpoint = at('endpoint')
    const make = async (...args: string[]): Promise<string> =>
      json(await run(['keys', 'create', '--folder', endpoint, '--json', ...args]))['key'] as string
    const secret = await make('--kind', 'secret')
    const publishable = await make('--kind', 'publishable', '--origins', 'https://shop.example')
    const { child, outcome, said } = start(['serve', '--folder', endpoint, '--port', '0'])
    try {
      const [, url] = /listens on (http:\S+)/u.exec(await said('listens on http')) ?? []
      const env = { VITRINE_ENDPOINT: url!, VITRINE_KEY: secret }
      const { revision } = JSON.parse(await readFile(at('model/manifest.json'), 'utf8')) as {
        revision: string
      }
      expect(json(await run(['publish', at('model'), '--json'], { env }))).toMatchObject({ active: revision })
      expect(json(await run(['publish', at('model'), '--json'], { env }))).toMatchObject({ uploaded: [] })
      const manifest = await fetch(`${url}/v1/models/model/manifest`, {
        headers: { authorization: `Bearer ${publishable}` },
      })
      expect(await manifest.json()).toMatchObject({ id: 'model', revision })
      expect(await run(['rollback', '--model', 'model'], { env })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('CONFLICT') as string,
      })
      const keys = json(await run(['keys', 'signing', 'create', at('signing.json'), '--json']))
      const sign = ['publish', at('model'), '--signing-key', at('signing.json'), '--json']
      const signed = json(await run(sign, { env }))
      expect(signed).toMatchObject({ signedBy: (keys['trustedKeys'] as string[])[0], uploaded: [] })
      expect(signed['revision']).toMatch(new RegExp(`^${revision}\\.\\d+$`, 'u'))
      const model = ['--model', 'model', '--json']
      expect(json(await run(['rollout', ...model], { env }))).toMatchObject({
        stable: revision,
        candidate: signed['revision'],
        share: 1,
      })
      const partial = await run(['rollout', signed['revision'] as string, '--share', '10%', ...model], {
        env,
      })
      expect(json(partial)).toMatchObject({ active: revision, share: 0.1 })
      expect((await run(['rollout', '--model', 'model'], { env })).stdout).toMatch(/10% of the devices get/u)
      expect(await run(['rollout', revision, ...model], { env })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('INVALID_OPTIONS') as string,
      })
      await run(['rollout', signed['revision'] as string, '--share', '100', ...model], { env })
      expect(json(await run(sign, { env }))).toEqual(signed)
      const id = secret.slice('sk_live_'.length, 'sk_live_'.length + 12)
      expect((await run(['keys', 'revoke', id, '--folder', endpoint])).code).toBe(0)
      expect((await run(['keys', 'list', '--folder', endpoint])).stdout).toMatch(
        new RegExp(`${id} .*revoked`, 'u'),
      )
      expect((await run(['publish', at('model')], { env })).stderr).toContain('UNAUTHORIZED')
    } finally {
      child.kill('SIGTERM')
    }
    expect((await outcome).code).toBe(0)
  })
})
