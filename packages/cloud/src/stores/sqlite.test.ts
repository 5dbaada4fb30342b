import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterEach, describe, expect, it } from 'vitest'
import { WRITTEN, WRITTEN_BY, readWritten } from '../../test/old-schemas.ts'
import { describeStore } from '../../test/store-conformance.ts'
import { MIGRATIONS, migrate } from './sqlite/migrations.ts'
import { openSqliteStore } from './sqlite.ts'

const folders: string[] = []

async function databaseFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-store-'))
  folders.push(folder)
  return join(folder, 'deep', 'vitrine.db')
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

describeStore('SQLite', async () => {
  const file = await databaseFile()
  return { open: () => openSqliteStore(file), remove: async () => undefined }
})

describe('SQLite store on its file', () => {
  it('writes ahead, so that readers and `vitrine keys` do not wait for it', async () => {
    const file = await databaseFile()
    const store = openSqliteStore(file)
    const database = new Database(file)
    expect(database.pragma('journal_mode')).toMatchObject([{ journal_mode: 'wal' }])
    database.close()
    await store.close()
  })

  it('leaves no trace of an erased device in the file', async () => {
    const file = await databaseFile()
    const store = openSqliteStore(file)
    const [device, epoch] = ['d'.repeat(32), 'e'.repeat(32)]
    const events = [{ seq: 1, type: 'search' as const, query: 'a-telling-search', at: 1 }]
    await store.appendEvents('a', { device, epoch, firstSeq: 1, events, receivedAt: 1 })
    await store.eraseDevice('a', device, 2)
    await store.close()
    const bytes = await readFile(file)
    expect(bytes.includes('a-telling-search')).toBe(false)
    expect(bytes.includes(epoch)).toBe(false)
  })

  it('refuses a database of a newer version, and leaves it as it is', async () => {
    const file = await databaseFile()
    await openSqliteStore(file).close()
    const database = new Database(file)
    database.exec('PRAGMA user_version = 99')
    expect(() => openSqliteStore(file)).toThrow(expect.objectContaining({ code: 'STORAGE_FAILED' }))
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 99 })
    database.close()
  })

  it('refuses a file that is no database', async () => {
    await expect(async () => openSqliteStore('/dev/null/vitrine.db')).rejects.toMatchObject({
      code: 'STORAGE_FAILED',
    })
  })

  it.each(MIGRATIONS.map((_, index) => index + 1))(
    'brings a database of schema %d up to date, and loses nothing',
    async (version) => {
      const file = await databaseFile()
      await openSqliteStore(file).close()
      await rm(file)
      const database = new Database(file)
      migrate(database, MIGRATIONS.slice(0, version))
      database.exec(WRITTEN_BY[version - 1]!)
      database.close()
      const store = openSqliteStore(file)
      expect(await readWritten(store)).toEqual(WRITTEN)
      await store.close()
    },
  )

  it('takes only the steps that are missing, all of them or none', () => {
    const database = new Database(':memory:')
    migrate(database, ['CREATE TABLE one (x)'])
    migrate(database, ['CREATE TABLE one (x)', 'CREATE TABLE two (x)'])
    expect(() =>
      migrate(database, ['', '', 'CREATE TABLE three (x); INSERT INTO nowhere VALUES (1)']),
    ).toThrow(/nowhere/u)
    expect(database.prepare('SELECT name FROM sqlite_master ORDER BY name').all()).toMatchObject([
      { name: 'one' },
      { name: 'two' },
    ])
    expect(database.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 2 })
  })

  it('uses the key’s own index for every read that a request makes', async () => {
    const file = await databaseFile()
    await openSqliteStore(file).close()
    const database = new Database(file)
    const plan = database
      .prepare(
        `EXPLAIN QUERY PLAN SELECT seq FROM events
         WHERE tenant = 'a' AND (device, epoch, seq) > ('', '', 0) ORDER BY device, epoch, seq LIMIT 10`,
      )
      .all() as { detail: string }[]
    database.close()
    expect(plan.map(({ detail }) => detail).join()).toMatch(/SEARCH events USING PRIMARY KEY/u)
    expect(plan.map(({ detail }) => detail).join()).not.toMatch(/TEMP B-TREE/u)
  })
})
