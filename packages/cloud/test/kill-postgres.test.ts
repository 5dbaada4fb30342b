/** The same on PostgreSQL, which itself is killed too, before every third kill of the server. */
import pg from 'pg'
import { report } from '@vitrine/trials'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIRST_KILLS, KILLS, type Kills, type Stored, prepareKills } from './kills.ts'
import { type PostgresServer, hasPostgres, startPostgres } from './postgres-server.ts'

const NOTHING_WRONG = { lost: 0, doubled: 0, accepted: 0 }

describe.skipIf(!hasPostgres())('on PostgreSQL', () => {
  let server: PostgresServer
  let kills: Kills
  beforeAll(async () => {
    // Were a commit acknowledged before it is on disk, the log writer would not hide that by writing it soon after.
    server = await startPostgres({ wal_writer_delay: '10s' })
    const database = await server.createDatabase()
    kills = await prepareKills({
      database,
      inspect: () => inspect(database),
      crash: async () => {
        await server.kill()
        await server.start()
      },
    })
  }, 60_000)
  afterAll(async () => {
    await kills.stop()
    await server.stop()
  })

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

async function inspect(database: string): Promise<Stored[]> {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  try {
    // Throws when an index is broken, or lacks a row of its table.
    await client.query(`
      CREATE EXTENSION IF NOT EXISTS amcheck;
      SELECT bt_index_check(indexrelid, true) FROM pg_index
      JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'vitrine'::regnamespace`)
    const { rows } = await client.query<Stored>(`
      SELECT device, count(*)::int AS stored, count(DISTINCT seq)::int AS different, max(seq)::int AS last
      FROM vitrine.events GROUP BY device`)
    return rows
  } finally {
    await client.end()
  }
}
