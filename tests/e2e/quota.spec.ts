/** A disk that is really full: the browser itself refuses to store, amid a visit, and costs the page nothing. */
import { reportFigures } from './servers/figures.ts'
import {
  codeOf,
  comeBack,
  diagnostics,
  enter,
  show,
  troubles,
  untilFrom,
  view,
} from './storefront/storefront.ts'
import { expect, test } from './test.ts'

const BEFORE = 5
const PATIENCE_MS = 40_000

// Seen to fail with the fall back to memory taken out of indexeddb.ts.
test('a browser without room on disk goes on in memory: nothing is lost, nothing is thrown, and it is counted', async ({
  visitor,
  storefront,
}) => {
  test.skip(!visitor.limitStorage, 'The driver of this engine cannot take room away.')
  await enter(visitor, storefront)
  const { items } = await untilFrom(visitor, 'popularity')
  await view(visitor, items.slice(0, BEFORE))
  let events = BEFORE
  await visitor.limitStorage!(storefront.url, 1)
  // Chromium believes for ten seconds what it knew of the room there is.
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    await view(visitor, items)
    events += items.length
    if ((await diagnostics(visitor)).storage.events.kind === 'memory') break
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  await view(visitor, items)
  events += items.length
  expect((await show(visitor)).source).toBe('personal')
  const full = await diagnostics(visitor)
  expect(await codeOf(visitor, 'flush')).toBeNull()

  await visitor.limitStorage!(storefront.url, undefined)
  await comeBack(visitor) // Sends what was on disk before.
  expect(await codeOf(visitor, 'flush')).toBeNull()
  const after = await diagnostics(visitor)
  const stored = (await storefront.tenant.events()).length
  const bytes = await visitor.evaluate(() => Object.entries(localStorage).flat().join('').length)
  const thrown = await troubles(visitor)
  reportFigures({
    promise: 6,
    unit: 'broken storages and clocks',
    trials: 1,
    events,
    lost: Math.max(0, events - stored),
    doubled: Math.max(0, stored - events),
    accepted: bytes + thrown.length,
  })
  expect({ stored, bytes, thrown }).toEqual({ stored: events, bytes: 0, thrown: [] })
  expect(full.storage.events).toMatchObject({ kind: 'memory' })
  expect(full.errors.counts.QUOTA_EXCEEDED).toBeGreaterThan(0)
  expect(after.storage.events).toMatchObject({ kind: 'indexeddb' })
})
