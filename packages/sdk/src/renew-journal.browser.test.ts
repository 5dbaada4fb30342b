/** What a page asks of IndexedDB so that Chromium begins a new journal; that it helps, kills.spec.ts shows. */
import { expect, test, vi } from 'vitest'
import { renewJournal } from './renew-journal.ts'

const isChromium = navigator.userAgent.includes('Chrome/')

/** The browser's own factory, and what was asked of it. */
function watched(): { factory: IDBFactory; asked: string[] } {
  const asked: string[] = []
  const factory = {
    open: (name: string) => {
      asked.push('open')
      return indexedDB.open(name)
    },
    deleteDatabase: (name: string) => {
      asked.push('delete')
      return indexedDB.deleteDatabase(name)
    },
  } as IDBFactory
  return { factory, asked }
}

async function names(): Promise<(string | undefined)[]> {
  return (await indexedDB.databases()).map(({ name }) => name)
}

test.skipIf(!isChromium)(
  'with consent a database is created and deleted, in two tabs at once, too',
  async () => {
    const { factory, asked } = watched()
    const page = { consent: 'granted', storage: 'indexeddb' } as const
    await Promise.all([renewJournal(page, factory), renewJournal(page, factory)])
    expect(asked).toEqual(['open', 'delete', 'open', 'delete'])
    await vi.waitFor(async () => expect(await names()).not.toContain('vitrine-scratch'))
  },
)

test.skipIf(!isChromium)(
  'without consent nothing is created, and what a kill left behind is deleted',
  async () => {
    const left = indexedDB.open('vitrine-scratch')
    await new Promise((resolve) => left.addEventListener('success', resolve))
    left.result.close()
    expect(await names()).toContain('vitrine-scratch')
    const { factory, asked } = watched()
    await renewJournal({ consent: 'denied', storage: 'indexeddb' }, factory)
    expect(asked).toEqual(['delete'])
    await vi.waitFor(async () => expect(await names()).not.toContain('vitrine-scratch'))
  },
)

test('a page that stores nothing asks for nothing, and neither does another engine', async () => {
  const { factory, asked } = watched()
  await renewJournal({ consent: 'granted', storage: 'memory' }, factory)
  if (!isChromium) await renewJournal({ consent: 'granted', storage: 'indexeddb' }, factory)
  expect(asked).toEqual([])
})
