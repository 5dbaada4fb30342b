/** Model updates without a browser: the same code on a database in memory, for tests that try thousands of things. */
import { type Model, loadModel, loadStarter, selfTest } from '@vitrine/recommender'
import { ActiveModel } from '../src/models/active.ts'
import type { Pins } from '../src/models/trust.ts'
import { createNetwork } from '../src/network.ts'
import type { Platform } from '../src/platform.ts'
import type { Database, Key } from '../src/storage/database.ts'
import { NOW_S } from './signing.ts'

const URL = 'https://edge.shop.example'

/** A platform of which time, network and storage are the test's; its timers never fire. */
export function createNodePlatform(fetch: Platform['fetch'], replaced: Partial<Platform> = {}): Platform {
  return {
    fetch,
    now: () => NOW_S * 1000,
    elapsed: () => 0,
    random: () => 0.5,
    randomId: () => '0'.repeat(32),
    setTimer: () => () => undefined,
    subtle: crypto.subtle,
    locks: undefined,
    indexedDB: undefined,
    broadcast: () => ({ post: () => undefined, listen: () => undefined, close: () => undefined }),
    isOnline: () => true,
    isPersisted: async () => undefined,
    ...replaced,
  }
}

/** One tab on `database`, and the errors that it survived. */
export function openTab(
  database: Database,
  { platform, pins }: { platform: Platform; pins?: Pins },
): { models: ActiveModel<Model>; errors: unknown[] } {
  const network = createNetwork({ url: URL, key: 'pk_test' }, platform)
  const errors: unknown[] = []
  const models = new ActiveModel<Model>(Promise.resolve(database), {
    id: 'tiny',
    url: URL,
    platform,
    pins,
    update: (request) => network.updateModel(request),
    load: (manifest, artifacts, { signal }) =>
      loadModel(manifest, artifacts, { devices: ['scalar'], signal }),
    loadStarter,
    selfTest,
    onChange: () => undefined,
    onProgress: () => undefined,
    onError: (error) => errors.push(error),
  })
  return { models, errors }
}

/** All rows of a database. */
export function rowsOf(database: Database): Promise<Map<Key, unknown>> {
  return database.transact('readonly', async (rows) => {
    const copy = new Map<Key, unknown>()
    for (const key of await rows.keys()) copy.set(key, await rows.get(key))
    return copy
  })
}

/** Brings a database back to what `rowsOf` returned. */
export function restoreRows(database: Database, copy: ReadonlyMap<Key, unknown>): Promise<void> {
  return database.transact('readwrite', async (rows) => {
    rows.clear()
    for (const [key, value] of copy) rows.put(key, value)
  })
}
