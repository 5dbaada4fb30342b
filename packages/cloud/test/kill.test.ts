/** The acknowledgement is durable: a server on SQLite is killed under load, again and again, and loses nothing it promised. */
import { join } from 'node:path'
import Database from 'libsql'
import { report } from '@vitrine/trials'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIRST_KILLS, KILLS, type Kills, type Stored, prepareKills } from './kills.ts'

const NOTHING_WRONG = { lost: 0, doubled: 0, accepted: 0 }

describe('on SQLite', () => {
  let kills: Kills
  beforeAll(async () => {
    kills = await prepareKills({ inspect })
  }, 60_000)
  afterAll(() => kills.stop())

  it(
    `no acknowledged event is lost and none doubled in the first ${FIRST_KILLS} kills`,
    async () => expect(await kills.run(FIRST_KILLS)).toMatchObject(NOTHING_WRONG),
    120_000,
  )
  it(
    `nor in the next ${KILLS - FIRST_KILLS}`,
    async ({ task }) => {
      const counted = await kills.run(KILLS - FIRST_KILLS)
      report(task, counted)
      expect(counted).toMatchObject(NOTHING_WRONG)
      expect(counted.events).toBeGreaterThan(KILLS)
    },
    5000 * KILLS,
  )
})

async function inspect(folder: string): Promise<Stored[]> {
  const database = new Database(join(folder, 'vitrine.db'))
  try {
    expect(database.pragma('integrity_check')).toMatchObject([{ integrity_check: 'ok' }])
    const rows = database.prepare(
      'SELECT device, count(*) AS stored, count(DISTINCT seq) AS different, max(seq) AS last FROM events GROUP BY device',
    )
    return rows.all() as Stored[]
  } finally {
    database.close()
  }
}
