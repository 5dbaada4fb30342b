/** An update that is killed at any one of its steps leaves the old revision or the new one, whole, and is made up for. */
import { writeDelta } from '@vitrine/contracts'
import { recommend } from '@vitrine/recommender'
import { report } from '@vitrine/trials'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Platform } from '../src/platform.ts'
import type { Database } from '../src/storage/database.ts'
import { createMemoryDatabase } from '../src/storage/memory.ts'
import { gzip } from './bytes.ts'
import { PageEndpoint } from './endpoint.ts'
import { createNodePlatform, openTab } from './node-tab.ts'
import { type BuiltRevision, buildRevision } from './revision.ts'
import { NOW_S, type TestKey, createTestKey, signRevision } from './signing.ts'

/** Bytes of an artifact arrive in pieces of this many. */
const PIECE = 100

let key: TestKey
let first: BuiltRevision
let second: BuiltRevision
let deltas: PageEndpoint['deltas']

beforeAll(async () => {
  key = await createTestKey()
  first = await signRevision(await buildRevision(1), key)
  second = await signRevision(await buildRevision(5), key, { version: NOW_S + 1, floor: NOW_S })
  deltas = await deltasBetween(first, second)
})

/** Counts the steps of one tab's life; from its last one on, nothing that was begun ever comes back. */
class Life {
  steps = 0
  readonly #last: number

  constructor(last: number) {
    this.#last = last
  }

  get isOver(): boolean {
    return this.steps > this.#last
  }

  /** The life may end before `work`, or after it while nobody hears of it any more. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    if (this.steps++ >= this.#last) return new Promise(() => undefined)
    const result = await work()
    if (this.steps++ >= this.#last) return new Promise(() => undefined)
    return result
  }
}

function mortal(database: Database, life: Life): Database {
  return {
    status: database.status,
    transact: (mode, work) => life.step(() => database.transact(mode, work)),
  }
}

/** An endpoint whose bodies come piece by piece, each of them a step, a second after the one before. */
function mortalPlatform(endpoint: PageEndpoint, life: Life): Platform {
  let elapsed = 0
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await life.step(() => endpoint.fetch(input, init))
    const bytes = new Uint8Array(await response.arrayBuffer())
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) =>
        life.step(async () => {
          elapsed += 1000
          if (sent < bytes.length) controller.enqueue(bytes.slice(sent, (sent += PIECE)))
          else controller.close()
        }),
    })
    const { status, headers } = response
    return new Response(bytes.length > 0 ? body : null, { status, headers })
  }
  return createNodePlatform(fetch, { elapsed: () => elapsed })
}

/** What the stored revision answers without a network: hashes are checked, a list is computed. */
async function serveOffline(database: Database): Promise<string | undefined> {
  const offline = createNodePlatform(() => Promise.reject(new TypeError('offline')))
  const { models, errors } = openTab(database, { platform: offline, pins: pins() })
  await models.start().catch(() => undefined)
  const list = await models.live.use((model) =>
    recommend(model, { placement: 'home', k: 3 }, [{ item: 'item-0', type: 'view' }]),
  )
  expect(errors.map((error) => (error as { code?: string }).code)).not.toContain('ARTIFACT_CORRUPT')
  models.dispose(new Error('done'))
  return list?.items[0]?.item
}

const pins = () => ({ trustedKeys: [key.key], floor: 0 })

/** Updates from the first revision to the second and is killed at step `last`. */
async function updateUntil(last: number, withDeltas: boolean) {
  const database = createMemoryDatabase('test')
  const endpoint = new PageEndpoint()
  endpoint.revision = first
  const before = openTab(database, { platform: createNodePlatform(endpoint.fetch), pins: pins() })
  await before.models.start()
  before.models.dispose(new Error('left'))

  endpoint.revision = second
  if (withDeltas) for (const [path, delta] of deltas) endpoint.deltas.set(path, delta)
  const life = new Life(last)
  const victim = openTab(mortal(database, life), { platform: mortalPlatform(endpoint, life), pins: pins() })
  const settled = victim.models.update().then(
    () => true,
    () => true,
  )
  const isDone = await Promise.race([settled, untilOver(life)])
  const left = await serveOffline(database)

  // Whoever comes later gets the second revision, and asks only for what is missing.
  endpoint.requests.length = 0
  const later = openTab(database, { platform: createNodePlatform(endpoint.fetch), pins: pins() })
  await later.models.update()
  const resumed = endpoint.requests.filter(({ range }) => range !== null).length
  expect(await serveOffline(database)).toBe('item-5')
  return { isDone, left, resumed }
}

/** Resolves with false some turns after the life has ended, so that what was under way comes to rest. */
async function untilOver(life: Life): Promise<boolean> {
  while (!life.isOver) await turn()
  for (let i = 0; i < 5; i++) await turn()
  return false
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

describe.each([
  ['whole artifacts', false],
  ['deltas', true],
])('killed at every step of an update by %s', { timeout: 60_000 }, (_, withDeltas) => {
  // Seen to fail with the activation spread over two transactions (pnpm run mutation).
  test('the old revision serves or the new one, never neither and never a mixture', async ({ task }) => {
    const outcomes = { old: 0, new: 0, neither: 0, resumed: 0 }
    for (let last = 1; ; last++) {
      const { isDone, left, resumed } = await updateUntil(last, withDeltas)
      outcomes[left === 'item-1' ? 'old' : left === 'item-5' ? 'new' : 'neither']++
      outcomes.resumed += resumed
      if (isDone) break
    }
    const killed = outcomes.old + outcomes.new + outcomes.neither
    report(task, { promise: 8, unit: 'kills during an update', trials: killed, lost: outcomes.neither })
    expect(outcomes.neither).toBe(0)
    expect(outcomes.old).toBeGreaterThan(40)
    expect(outcomes.new).toBeGreaterThan(0)
    if (!withDeltas) expect(outcomes.resumed).toBeGreaterThan(10)
  })
})

async function deltasBetween(from: BuiltRevision, to: BuiltRevision): Promise<PageEndpoint['deltas']> {
  const found: PageEndpoint['deltas'] = new Map()
  for (const { role, sha256 } of to.manifest.artifacts) {
    const before = from.manifest.artifacts.find((artifact) => artifact.role === role)!.sha256
    if (before === sha256) continue
    const [old, whole] = [from.blobs.get(before)!, to.blobs.get(sha256)!]
    const add = Math.min(old.length, whole.length)
    const differences = whole.slice(0, add).map((byte, at) => byte - old[at]!)
    const steps = [{ add, insert: whole.length - add, skip: 0 }]
    const delta = writeDelta({ from: old.length, to: whole.length }, steps, differences, whole.slice(add))
    found.set(`${before}/${sha256}`, await gzip(delta))
  }
  return found
}
