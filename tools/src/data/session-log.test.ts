import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ShopEvent } from './clean-row.ts'
import { writeEvents } from './events-file.ts'
import {
  type SessionLog,
  holdOut,
  readEventSessions,
  readSessionsFile,
  sessionIds,
  splitAt,
} from './session-log.ts'
import { buildCatalogue } from './training-catalogue.ts'
import { sessionCount } from '../train/sessions.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-log-'))
})
afterAll(() => rm(folder, { recursive: true }))

const lists = (log: SessionLog): string[][] =>
  Array.from({ length: sessionCount(log.sessions) }, (_, s) => sessionIds(log, s))

async function logOf(events: Partial<ShopEvent>[]): Promise<SessionLog> {
  const path = join(folder, 'events.ndjson.gz')
  await writeEvents(
    path,
    events.map((event) => ({ at: 0, session: 's', type: 'view', item: 'a', ...event })),
  )
  return readEventSessions(path)
}

describe('readEventSessions', () => {
  it('puts sessions in order of their end', async () => {
    const log = await logOf([
      { session: 'x', at: 1, item: 'a' },
      { session: 'y', at: 2, item: 'b' },
      { session: 'y', at: 3, item: 'c' },
      { session: 'x', at: 9, item: 'd' },
    ])
    expect(lists(log)).toEqual([
      ['b', 'c'],
      ['a', 'd'],
    ])
    expect([...log.times!.started]).toEqual([2, 1])
    expect([...log.times!.ended]).toEqual([3, 9])
  })

  it('counts a funnel on one item once, and repeats of one type each', async () => {
    const log = await logOf([
      { type: 'impression', item: 'z' },
      { type: 'view' },
      { type: 'add_to_cart' },
      { type: 'purchase' },
      { type: 'purchase' },
      { type: 'view', item: 'b' },
      { type: 'view', item: 'b' },
    ])
    expect(lists(log)).toEqual([['a', 'a', 'b', 'b']])
  })

  it('names the line that is no event', async () => {
    const path = join(folder, 'bad.ndjson')
    await writeFile(path, '{"at":1,"session":"s","type":"view","item":"a"}\n{"at":"x"}\n')
    await expect(readEventSessions(path)).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      message: expect.stringContaining('Line 2') as string,
    })
  })
})

describe('readSessionsFile', () => {
  it('reads one session a line, gzip too', async () => {
    const path = join(folder, 'sessions.txt.gz')
    await writeFile(path, gzipSync('1 2  3\n\n2\t1\r\n'))
    expect(lists(await readSessionsFile(path))).toEqual([
      ['1', '2', '3'],
      ['2', '1'],
    ])
  })
})

describe('holdOut', () => {
  it('keeps no training session that ended after a test session began', async () => {
    const log = await logOf([
      { session: 'a', at: 1 },
      { session: 'long', at: 2 },
      { session: 'b', at: 3 },
      { session: 'c', at: 5 },
      { session: 'd', at: 6 },
      { session: 'long', at: 7, item: 'b' },
    ])
    const { train, test, trainedThrough, straddling } = holdOut(log, 0.5)
    expect(trainedThrough).toBe(3)
    expect(sessionCount(train.sessions)).toBe(2)
    expect(sessionCount(test.sessions)).toBe(2)
    expect(straddling).toBe(1)
    expect(Math.max(...train.times!.ended)).toBeLessThan(Math.min(...test.times!.started))
  })

  it('puts sessions of one moment on one side', async () => {
    const log = await logOf([1, 2, 2, 2, 3].map((at, s) => ({ session: `s${s}`, at })))
    const { train, test } = splitAt(log, 2)
    expect([sessionCount(train.sessions), sessionCount(test.sessions)]).toEqual([4, 1])
  })

  it('refuses to leave nothing to train on', async () => {
    const log = await logOf([{ session: 'a' }])
    expect(() => holdOut(log, 0.5)).toThrow(expect.objectContaining({ code: 'TOO_LITTLE_DATA' }))
  })
})

describe('buildCatalogue', () => {
  it('numbers items by frequency and leaves out those that training has not seen', async () => {
    const log = await logOf([
      { item: 'c' },
      { item: 'b' },
      { item: 'b' },
      { session: 'later', at: 9, item: 'new' },
    ])
    const { catalogue, sessions } = buildCatalogue(splitAt(log, 1).train, [{ id: 'b', title: 'Bowl' }])
    expect(catalogue).toEqual([
      { id: 'b', title: 'Bowl' },
      { id: 'c', title: 'c' },
    ])
    expect([...sessions.items]).toEqual([1, 0, 0])
  })
})
