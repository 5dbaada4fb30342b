import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newEvents } from '../../test/event-conformance.ts'
import { eventsOf, numbers } from '../../test/batches.ts'
import { type PostgresServer, hasPostgres, startPostgres } from '../../test/postgres-server.ts'
import { WRITTEN, WRITTEN_BY, readWritten } from '../../test/old-schemas.ts'
import { describeStore } from '../../test/store-conformance.ts'
import { openPostgresStore } from './postgres.ts'
import { openPool } from './postgres/connection.ts'
import { MIGRATIONS, migrate } from './postgres/migrations.ts'

describe.skipIf(!hasPostgres())('PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    // Nothing here pulls the plug; the kill test does, with the server's own durable settings.
    server = await startPostgres({ fsync: 'off' })
  }, 60_000)
  afterAll(() => server.stop())

  describeStore('PostgreSQL', async () => {
    const url = await server.createDatabase()
    return {
      open: () => openPostgresStore(url, { connections: 5 }),
      deadlocks: async () => {
        const pool = openPool(url, { connections: 1 })
        const { rows } = await pool.sql<{ deadlocks: number }>`
          SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`
        await pool.close()
        return rows[0]!.deadlocks
      },
      remove: async () => undefined,
    }
  })

  it('starts as several replicas at once on an empty database', async () => {
    const url = await server.createDatabase()
    const stores = await Promise.all(
      Array.from({ length: 6 }, () => openPostgresStore(url, { connections: 1 })),
    )
    expect(await Promise.all(stores.map((store) => store.check()))).toHaveLength(6)
    await Promise.all(stores.map((store) => store.close()))
  })

  it.each(MIGRATIONS.map((_, index) => index + 1))(
    'brings a database of schema %d up to date, and loses nothing',
    async (version) => {
      const url = await server.createDatabase()
      const pool = openPool(url, { connections: 1 })
      await migrate(pool, MIGRATIONS.slice(0, version))
      await pool.transaction((_, run) => run(`SET LOCAL search_path = vitrine; ${WRITTEN_BY[version - 1]!}`))
      await pool.close()
      const store = await openPostgresStore(url)
      expect(await readWritten(store)).toEqual(WRITTEN)
      await store.close()
    },
  )

  it('takes only the steps that are missing, all of them or none, and refuses a newer database', async () => {
    const pool = openPool(await server.createDatabase(), { connections: 1 })
    const versions = async () => (await pool.sql`SELECT version FROM vitrine.schema_version`).rows
    await migrate(pool, ['CREATE TABLE vitrine.one (x int)'])
    await migrate(pool, ['CREATE TABLE vitrine.one (x int)', 'CREATE TABLE vitrine.two (x int)'])
    const bad = 'CREATE TABLE vitrine.three (x int); INSERT INTO vitrine.nowhere VALUES (1)'
    await expect(migrate(pool, ['', '', bad])).rejects.toThrow(/nowhere/u)
    const { count } = await pool.sql`SELECT FROM pg_tables WHERE tablename = 'three'`
    expect(count).toBe(0)
    expect(await versions()).toEqual([{ version: 2 }])
    await expect(migrate(pool, [''])).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    expect(await versions()).toEqual([{ version: 2 }])
    await pool.close()
  })

  it('says that the database cannot be had, and never its password', async () => {
    const opened = openPostgresStore('postgres://vitrine:hunter2@127.0.0.1:9/nowhere')
    await expect(opened).rejects.toMatchObject({ code: 'STORAGE_FAILED' })
    await expect(opened).rejects.not.toThrow(/hunter2/u)
  })

  it('refuses while the server is down, and goes on when it is back, nothing lost', async () => {
    const store = await openPostgresStore(await server.createDatabase())
    await store.appendEvents('a', newEvents(1, 5))
    await server.kill()
    const down = await Promise.allSettled([
      store.appendEvents('a', newEvents(6, 9)),
      store.findKey('one'),
      store.check(),
    ])
    expect(down).toMatchObject(numbers(1, 3).map(() => ({ reason: { code: 'UNAVAILABLE' } })))
    await server.start()
    // The first statements may still meet connections that died.
    for (let attempt = 0; attempt < 20; attempt++) {
      const done = await store
        .appendEvents('a', { ...newEvents(6, 9), events: eventsOf(6, 9) })
        .catch(() => undefined)
      if (done) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect((await store.readEvents('a', { limit: 100 })).map(({ seq }) => seq)).toEqual(numbers(1, 9))
    await store.close()
  }, 30_000)
})
