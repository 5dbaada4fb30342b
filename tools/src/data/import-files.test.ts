import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCatalogue } from './catalogue.ts'
import type { ShopEvent } from './clean-row.ts'
import { parseColumns } from './columns.ts'
import { type ImportInput, type ImportOptions, type ImportReport, importFiles } from './import-files.ts'
import { presetOf } from './presets.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-import-'))
})
afterEach(() => rm(folder, { recursive: true }))

const COLUMNS = parseColumns('session=s,item=i,time=t,title=n,price=p')

async function importText(
  text: string | Uint8Array,
  input: Partial<ImportInput> = {},
  options: ImportOptions = {},
): Promise<ImportReport> {
  const file = join(folder, 'input')
  await writeFile(file, text)
  return importFiles(
    { files: [file], columns: COLUMNS, type: 'view', out: join(folder, 'out'), ...input },
    options,
  )
}

async function events(): Promise<ShopEvent[]> {
  const text = gunzipSync(await readFile(join(folder, 'out', 'events.ndjson.gz'))).toString()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ShopEvent)
}

const row = (s: string, i: string, day: number, rest = 'A MUG,1.5'): string =>
  `${s},${i},2026-01-0${day},${rest}\n`
const HEADER = 's,i,t,n,p\n'

describe('importFiles', () => {
  it('writes events by time, a catalogue and a report', async () => {
    const report = await importText(
      HEADER + row('1', 'b', 2) + row('2', 'a', 1) + row('1', 'a', 2, 'BIG MUG,3'),
    )
    expect(report).toMatchObject({
      rows: 3,
      events: 3,
      sessions: 2,
      users: 0,
      items: 2,
      from: '2026-01-01T00:00:00.000Z',
      through: '2026-01-02T00:00:00.000Z',
      dropped: [],
      unparsable: [],
      categories: { Tableware: 2 },
    })
    expect((await events()).map(({ session, item }) => session + item)).toEqual(['2a', '1b', '1a'])
    expect(await readCatalogue(join(folder, 'out', 'catalogue.ndjson'))).toEqual([
      { id: 'a', title: 'Big Mug', price: 1.5, category: 'Tableware' },
      { id: 'b', title: 'A Mug', price: 1.5, category: 'Tableware' },
    ])
    expect(JSON.parse(await readFile(join(folder, 'out', 'import.json'), 'utf8'))).toEqual(report)
    expect((await readdir(join(folder, 'out'))).toSorted()).toEqual([
      'catalogue.ndjson',
      'events.ndjson.gz',
      'import.json',
    ])
  })

  it('reads gzip by its first bytes, and standard input', async () => {
    const text = gzipSync(HEADER + row('1', 'a', 1))
    const report = await importText(
      '',
      { files: ['-'] },
      { stdin: Readable.from([text.subarray(0, 1), text.subarray(1)]) },
    )
    expect(report.events).toBe(1)
  })

  it('counts what a rule leaves out apart from what does not parse, with lines', async () => {
    const good = row('1', 'a', 1).repeat(300)
    const report = await importText(HEADER + good + row('1', '', 1) + '1,a,soon,A,1\n1,a\n')
    expect(report).toMatchObject({ rows: 303, events: 300 })
    expect(report.dropped).toEqual([{ reason: 'no item', rows: 1, lines: [302] }])
    expect(report.unparsable).toEqual([
      { reason: 'time', rows: 1, lines: [303] },
      { reason: 'another number of fields than the header', rows: 1, lines: [304] },
    ])
  })

  it('stops when more than a share of the rows does not parse, and leaves nothing behind', async () => {
    const text = HEADER + row('1', 'a', 1).repeat(98) + '1,a,soon,A,1\n'.repeat(2)
    await expect(importText(text)).rejects.toMatchObject({
      code: 'TOO_MANY_BAD_ROWS',
      message: expect.stringContaining('lines 100, 101') as string,
    })
    await expect(stat(join(folder, 'out'))).rejects.toMatchObject({ code: 'ENOENT' })
    await expect(importText(text, {}, { maxBad: 0.02 })).resolves.toMatchObject({ events: 98 })
  })

  it('gives up early where most rows do not parse', async () => {
    let rowsRead = 0
    const text = HEADER + '1,a,soon,A,1\n'.repeat(200_000)
    await expect(importText(text, {}, { onProgress: ({ rows }) => (rowsRead = rows) })).rejects.toMatchObject(
      { code: 'TOO_MANY_BAD_ROWS' },
    )
    expect(rowsRead).toBeLessThan(100_000)
  })

  it('names a column that is not there', async () => {
    await expect(importText('s,i,when\n1,a,2026-01-01\n')).rejects.toMatchObject({
      code: 'COLUMN_MISSING',
      message: expect.stringContaining('"t"') as string,
    })
    await expect(importText('', { columns: { item: 'i', time: 't' } })).rejects.toMatchObject({
      code: 'COLUMN_MISSING',
    })
  })

  it('refuses a missing file, a broken gzip, a folder, and an input without events', async () => {
    const out = { out: join(folder, 'out') }
    await expect(importText('', { files: [join(folder, 'none')], ...out })).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
    })
    await mkdir(join(folder, 'dir'))
    await expect(importText('', { files: [join(folder, 'dir')], ...out })).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    })
    await expect(
      importText(gzipSync(HEADER + row('1', 'a', 1).repeat(999)).subarray(0, 60)),
    ).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    })
    await expect(importText(HEADER + row('1', '', 1))).rejects.toMatchObject({ code: 'TOO_LITTLE_DATA' })
  })

  it('keeps an earlier import unless told to replace it', async () => {
    const text = HEADER + row('1', 'a', 1)
    await importText(text)
    await expect(importText(text)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' })
    await expect(importText(text, {}, { force: true })).resolves.toMatchObject({ events: 1 })
  })

  it('leaves an earlier import alone when it is stopped midway', async () => {
    await importText(HEADER + row('1', 'a', 1))
    const stopper = new AbortController()
    const stopped = importText(
      HEADER + row('2', 'b', 1).repeat(100_000),
      {},
      { force: true, signal: stopper.signal, onProgress: () => stopper.abort(new Error('stop')) },
    )
    await expect(stopped).rejects.toThrow('stop')
    expect(await events()).toHaveLength(1)
    expect(await readdir(join(folder, 'out'))).toHaveLength(3)
  })

  it('cuts visits by a gap where only a user is known', async () => {
    const text =
      'u,i,t\nx,a,2026-01-01 10:00\nx,b,2026-01-01 10:20\nx,c,2026-01-01 11:00\ny,a,2026-01-01 10:10\n'
    const report = await importText(text, { columns: parseColumns('user=u,item=i,time=t') })
    expect(report).toMatchObject({ sessions: 3, users: 2 })
  })

  it('never reads a column as a path of Object.prototype', async () => {
    const text = '{"s":"1","t":"2026-01-01","i":"a"}\n'
    await expect(
      importText(text, { columns: { session: 's', time: 't', item: 'constructor.name' } }),
    ).rejects.toMatchObject({ code: 'TOO_LITTLE_DATA' })
  })
})

function ga4Event(name: string, session: number, items: object[]): string {
  return (
    JSON.stringify({
      event_name: name,
      event_timestamp: '1767225600000000',
      user_pseudo_id: 'u.1',
      event_params: [{ key: 'ga_session_id', value: { int_value: String(session) } }],
      items,
    }) + '\n'
  )
}

describe('preset ga4', () => {
  it('makes one event an item, with the session of its user', async () => {
    const text =
      ga4Event('view_item', 7, [{ item_id: 'a', item_name: 'Mug', price: 2.5, item_category: 'Kitchen' }]) +
      ga4Event('purchase', 7, [{ item_id: 'a', quantity: 2 }, { item_id: 'b' }]) +
      ga4Event('page_view', 8, [])
    const { columns, type, rowsOf, dialect } = presetOf('ga4')
    const report = await importText(text, {
      columns,
      type,
      ...(rowsOf && { rowsOf }),
      ...(dialect && { dialect }),
    })
    expect(report).toMatchObject({ rows: 3, events: 3, sessions: 1, users: 1, items: 2 })
    expect(report.dropped).toEqual([{ reason: 'not an event of an item', rows: 1, lines: [3] }])
    expect(await events()).toEqual([
      { at: 1767225600000, session: 'u.1.7', user: 'u.1', type: 'view', item: 'a' },
      { at: 1767225600000, session: 'u.1.7', user: 'u.1', type: 'purchase', item: 'a', value: 2 },
      { at: 1767225600000, session: 'u.1.7', user: 'u.1', type: 'purchase', item: 'b' },
    ])
  })
})
