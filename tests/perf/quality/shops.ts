/** The shops that quality is measured on: sessions to train on and later ones to ask about, from data beside the checkout. */
import { createReadStream } from 'node:fs'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { createGunzip, gunzip } from 'node:zlib'
import { ROOT } from '../../../scripts/run-command.js'
import type { ShopReport } from './report.ts'
import { vitrine } from './vitrine.ts'

/** One shop. */
export interface Shop {
  name: string
  /** What `prepare` reads. */
  data: string
  /** Writes `train.txt` and `test.txt` into a folder, one session a line, in order of time. */
  prepare: (data: string, folder: string) => Promise<void>
  /** Whether `prepare` also leaves an import in `events`, with shoppers, times and a catalogue; the split is the same. */
  hasEvents?: boolean
  /** Numbers of training events to train with, from few to all; missing where only all are tried. */
  events?: readonly number[]
  /** What the literature reports on this split, in shares. */
  published?: ShopReport['published']
}

/** As Wu et al. 2019 (Session-based Recommendation with Graph Neural Networks), table 2, have it. */
const SR_GNN = 'Wu et al. 2019'

const DATA = join(ROOT, '..', 'shared', 'data')
/** The newest share of the sessions that is asked about, where the data itself names no test sessions. */
export const HELD_OUT = 0.1

/** All shops; who lacks the data of one is told so. */
export const SHOPS: readonly Shop[] = [
  {
    name: 'clothing',
    data: join(DATA, 'uci-eshop-clothing-2008', 'eshop_clothing_2008.csv.gz'),
    prepare: async (data, folder) => {
      const sessions = await readSessions(data, ';', {
        session: 'session ID',
        item: 'page 2 (clothing model)',
        time: (row) => [row('year'), row('month'), row('day')].map((part) => part.padStart(4, '0')).join('-'),
      })
      await hold(sessions, folder)
    },
  },
  {
    name: 'online-retail',
    data: join(DATA, 'uci-online-retail', 'online_retail.csv.gz'),
    prepare: async (data, folder) => {
      const events = join(folder, 'events')
      await vitrine(['import', '--preset', 'online-retail', data, '--out', events, '--force'])
      const lines = (await promisify(gunzip)(await readFile(join(events, 'events.ndjson.gz')))).toString()
      const sessions: Sessions = new Map()
      for (const line of lines.trimEnd().split('\n')) {
        const { session, item, at } = JSON.parse(line) as { session: string; item: string; at: number }
        add(sessions, session, item, String(at))
      }
      await hold(sessions, folder)
    },
    hasEvents: true,
    events: [100, 1000, 10_000, 100_000],
  },
  {
    name: 'yoochoose-1-64',
    published: [
      { name: 'POP', hit_rate: 0.0671, mrr: 0.0165, source: SR_GNN },
      { name: 'S-POP', hit_rate: 0.3044, mrr: 0.1835, source: SR_GNN },
      { name: 'Item-KNN', hit_rate: 0.516, mrr: 0.2181, source: SR_GNN },
      { name: 'GRU4Rec', hit_rate: 0.6064, mrr: 0.2289, source: SR_GNN },
      { name: 'NARM', hit_rate: 0.6832, mrr: 0.2863, source: SR_GNN },
      { name: 'STAMP', hit_rate: 0.6874, mrr: 0.2967, source: SR_GNN },
      { name: 'SR-GNN', hit_rate: 0.7057, mrr: 0.3094, source: SR_GNN },
    ],
    data: join(DATA, 'yoochoose1_64'),
    prepare: async (data, folder) => {
      for (const part of ['train', 'test']) {
        const packed = await readFile(join(data, `${part}_sessions.txt.gz`))
        await writeFile(join(folder, `${part}.txt`), await promisify(gunzip)(packed))
      }
    },
  },
]

/** Whether the data of `shop` is there. */
export async function isThere({ data }: Shop): Promise<boolean> {
  return access(data).then(
    () => true,
    () => false,
  )
}

type Sessions = Map<string, { started: string; ended: string; items: string[] }>

function add(sessions: Sessions, session: string, item: string, ended: string): void {
  const known = sessions.get(session)
  if (known) {
    known.items.push(item)
    known.ended = ended
  } else sessions.set(session, { started: ended, ended, items: [item] })
}

/** Reads a table whose fields have no quotes. */
async function readSessions(
  path: string,
  separator: string,
  columns: { session: string; item: string; time: (row: (column: string) => string) => string },
): Promise<Sessions> {
  const sessions: Sessions = new Map()
  let head: string[] | undefined
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    const fields = line.split(separator)
    if (!head) {
      head = fields
      continue
    }
    const names = head
    const row = (column: string): string => fields[names.indexOf(column)] ?? ''
    add(sessions, row(columns.session), row(columns.item), columns.time(row))
  }
  return sessions
}

/** Splits as `vitrine train --holdout` does: a session that was under way when training ended is on neither side. */
async function hold(sessions: Sessions, folder: string): Promise<void> {
  const ordered = [...sessions.values()].toSorted((a, b) =>
    a.ended < b.ended ? -1 : a.ended > b.ended ? 1 : 0,
  )
  const kept = Math.floor(ordered.length * (1 - HELD_OUT))
  const through = ordered[kept - 1]!.ended
  const text = (part: typeof ordered): string => part.map(({ items }) => `${items.join(' ')}\n`).join('')
  await writeFile(join(folder, 'train.txt'), text(ordered.filter(({ ended }) => ended <= through)))
  await writeFile(join(folder, 'test.txt'), text(ordered.filter(({ started }) => started > through)))
}
