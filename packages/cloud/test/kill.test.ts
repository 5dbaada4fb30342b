/** The acknowledgement is durable: a server on SQLite is killed under load, again and again, and loses nothing it promised. */
import { join } from 'node:path'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIRST_KILLS, KILLS, type Kills, prepareKills, report } from './kills.ts'

describe('on SQLite', () => {
  let kills: Kills
  beforeAll(async () => {
    kills = await prepareKills({ inspect })
  }, 60_000)
  afterAll(() => kills.stop())

  it(
    `no acknowledged event is lost and none doubled in the first ${FIRST_KILLS} kills`,
    async () => expect(await kills.run(FIRST_KILLS)).toBeGreaterThan(0),
    60_000,
  )
  it(
    `nor in the next ${KILLS - FIRST_KILLS}`,
    async ({ task }) => {
      const acknowledged = await kills.run(KILLS - FIRST_KILLS)
      expect(acknowledged).toBeGreaterThan(KILLS)
      report(task, acknowledged)
    },
    5000 * KILLS,
  )
})

async function inspect(folder: string): Promise<{ device: string; stored: number; last: number }[]> {
  const database = new Database(join(folder, 'vitrine.db'))
  try {
    expect(database.pragma('integrity_check')).toMatchObject([{ integrity_check: 'ok' }])
    const rows = database.prepare(
      'SELECT device, count(*) AS stored, max(seq) AS last FROM events GROUP BY device',
    )
    return rows.all() as { device: string; stored: number; last: number }[]
  } finally {
    database.close()
  }
}
