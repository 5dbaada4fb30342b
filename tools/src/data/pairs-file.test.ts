import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from '../train/random.ts'
import { trainModel } from '../train/index.ts'
import { countPairs, listPairs } from '../train/pairs.ts'
import { listAggregatedPairs, withoutNewest } from '../train/aggregated-pairs.ts'
import { countPopularity } from '../train/popularity.ts'
import { countingOf } from '../train/counting.ts'
import type { ShopEvent } from './clean-row.ts'
import { countPairsOf } from './count-pairs.ts'
import { writeEvents } from './events-file.ts'
import { readPairsFile } from './pairs-file.ts'
import { readEventSessions } from './session-log.ts'
import { buildCatalogue } from './training-catalogue.ts'

const HOUR = 3_600_000
const STRANGE = 'a "quoted", id'

let folder = ''
const at = (name: string): string => join(folder, name)

/** Interleaved sessions of views, carts and impressions over forty items, one with a strange id. */
function events(): ShopEvent[] {
  const random = createRandom(5)
  const all: ShopEvent[] = []
  for (let s = 0; s < 300; s++) {
    let time = 1_700_000_000_000 + s * HOUR
    const length = 1 + Math.floor(16 * random())
    for (let i = 0; i < length; i++) {
      const number = Math.floor(40 * random() ** 2)
      const item = number === 7 ? STRANGE : `p${number}`
      time += Math.floor(3 * random()) * 1000
      all.push({ at: time, session: `s${s}`, type: random() < 0.1 ? 'impression' : 'view', item })
      if (random() < 0.2) all.push({ at: time, session: `s${s}`, type: 'add_to_cart', item })
    }
  }
  return all.toSorted((a, b) => a.at - b.at)
}

async function linesOf(path: string): Promise<string[]> {
  return gunzipSync(await readFile(path))
    .toString()
    .trimEnd()
    .split('\n')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-pairs-'))
  await writeEvents(at('events.ndjson.gz'), events())
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('vitrine pairs', () => {
  it('counts the same with all in memory as with runs on disk', async () => {
    const whole = await countPairsOf(at('events.ndjson.gz'), at('pairs.csv.gz'))
    const pieces = await countPairsOf(at('events.ndjson.gz'), at('pieces.csv.gz'), { most: 100 })
    expect(pieces).toEqual(whole)
    expect(whole.items).toBe(40)
    expect(await linesOf(at('pieces.csv.gz'))).toEqual(await linesOf(at('pairs.csv.gz')))
  })

  it('counts what the query of docs/warehouse.md counts', async () => {
    const document = await readFile(new URL('../../../docs/warehouse.md', import.meta.url), 'utf8')
    const query = /```sql\n(?<sql>.*?)```/su.exec(document)?.groups?.['sql']
    expect(query).toBeDefined()
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(
      'CREATE TABLE events (session TEXT, item TEXT, type TEXT, time BIGINT, line INTEGER)',
    )
    const appender = await connection.createAppender('events')
    for (const [line, event] of events().entries()) {
      appender.appendVarchar(event.session)
      appender.appendVarchar(event.item)
      appender.appendVarchar(event.type)
      appender.appendBigInt(BigInt(event.at))
      appender.appendInteger(line)
      appender.endRow()
    }
    appender.closeSync()
    const rows = (await connection.runAndReadAll(query ?? '')).getRows()
    const theirs = rows.map((row) => row.map(String).join('|')).toSorted()
    const log = await readPairsFile(at('pairs.csv.gz'))
    const { occurrences } = log
    const ours = [
      ...Array.from(log.from, (a, i) =>
        [log.ids[a], log.ids[log.to[i]!], log.distances[i], log.ages[i], log.counts[i]].join('|'),
      ),
      ...Array.from(occurrences.items, (a, i) =>
        [log.ids[a], '', 0, occurrences.ages[i], occurrences.counts[i]].join('|'),
      ),
    ].toSorted()
    expect(theirs).toEqual(ours)
    expect(ours.some((line) => line.startsWith(STRANGE))).toBe(true)
  })

  it.each([
    ['no pair', 'from,to,distance,age,count\na,b,11,0,1\n', /INPUT_UNREADABLE|Line 2/u],
    ['no age', 'from,to,distance,age,count\na,b,1,50,1\n', /Line 2/u],
    ['an occurrence with a distance', 'from,to,distance,age,count\na,,1,0,1\n', /Line 2/u],
    ['other columns', 'a,b,weight\n', /a pairs file has from, to/u],
  ])('refuses %s', async (_, text, message) => {
    await writeFile(at('bad.csv'), text)
    await expect(readPairsFile(at('bad.csv'))).rejects.toThrow(message)
  })
})

describe('training from pairs', () => {
  it('has the counts that training on the sessions has', async () => {
    const log = await readEventSessions(at('events.ndjson.gz'))
    const pairLog = await readPairsFile(at('pairs.csv.gz'))
    const { catalogue, sessions, pairs } = buildCatalogue(log, [], { pairs: pairLog })
    const n = catalogue.length
    // Ages are of the events here and of the sessions there: without decay both must count alike.
    const settings = { ageDecay: 0, lengthExponent: 0, distanceDecay: 0.6, backward: 0.4 }
    const there = countPairs(listPairs(sessions, n), settings)
    const here = countPairs(listAggregatedPairs(pairs!, n), settings)
    const row = (counts: typeof here, a: number): [other: number, count: number][] => {
      const others = counts.others.subarray(counts.offsets[a], counts.offsets[a + 1])
      return Array.from(others, (b, i): [number, number] => [
        b,
        counts.counts[counts.offsets[a]! + i]!,
      ]).toSorted((x, y) => x[0] - y[0])
    }
    for (let a = 0; a < n; a++) {
      const expected = row(there, a)
      expect(row(here, a).map(([other]) => other)).toEqual(expected.map(([other]) => other))
      // Sums in another order, in float32.
      for (const [i, [, count]] of row(here, a).entries()) expect(count).toBeCloseTo(expected[i]![1], 3)
    }
    expect(here.occurrences).toEqual(there.occurrences)
    const all = countingOf(sessions, n, pairs).countPopularity(0).popularity.subarray(0, n)
    expect(Array.from(all)).toEqual(Array.from(countPopularity(sessions, n, 0).popularity.subarray(0, n)))
    const older = withoutNewest(pairs!, 0.1)
    expect(older.ageCount).toBe(45)
    expect(older.from.length).toBeLessThan(pairs!.from.length)
  })

  it('makes a model of pairs alone, and a tuned one with sessions beside them', async () => {
    const pairLog = await readPairsFile(at('pairs.csv.gz'))
    const log = await readEventSessions(at('events.ndjson.gz'))
    const facts = { modelId: 'shop', seed: 1, createdAt: '2026-01-01T00:00:00.000Z' }
    const empty = { ids: [], sessions: { offsets: new Uint32Array(1), items: new Uint32Array() } }
    const alone = await trainModel({ ...buildCatalogue(empty, [], { pairs: pairLog }), ...facts })
    expect(alone.manifest.items).toBe(40)
    expect(alone.report.trials).toEqual([])
    const tuned = await trainModel({ ...buildCatalogue(log, [], { pairs: pairLog }), ...facts })
    expect(tuned.manifest.items).toBe(40)
    expect(tuned.report.trials.length).toBeGreaterThan(10)
  }, 60_000)
})
