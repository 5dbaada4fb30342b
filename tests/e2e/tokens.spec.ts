/** Device tokens from end to end: a shop whose key asks for them, a device that proves who it is, a forger who cannot. */
import { type Shop, openShop, storefrontFolders } from './servers/shop.ts'
import { diagnostics, enter, troubles, untilFrom, view } from './storefront/storefront.ts'
import { expect, test as base } from './test.ts'

const test = base.extend<{ guarded: Shop }>({
  guarded: async ({ edge }, use) => {
    const shop = await openShop(edge, { folders: storefrontFolders, needsToken: true })
    await use(shop)
    await shop.close()
  },
})

test.afterEach(async ({ visitor, guarded }) => {
  expect(await troubles(visitor)).toEqual([])
  expect(guarded.violations).toEqual([])
})

test('a device proves who it is by itself, and nobody else writes in its name', async ({
  visitor,
  guarded,
}) => {
  await enter(visitor, guarded)
  const first = await untilFrom(visitor, 'popularity')
  await view(visitor, first.items.slice(0, 3))
  await visitor.evaluate(() => window.storefront!.recommender.flush())
  const stored = await guarded.tenant.events()
  expect(stored.map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect((await diagnostics(visitor)).events).toMatchObject({ acknowledged: 3, waiting: 0 })

  const { device, epoch } = stored[0]!
  const forged = await fetch(`${guarded.edge.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${guarded.tenant.key}` },
    body: JSON.stringify({
      device,
      epoch,
      firstSeq: 4,
      events: [{ seq: 4, type: 'view', item: 'forged', at: 1 }],
      sentAt: 2,
    }),
  })
  expect([forged.status, await forged.json()]).toMatchObject([401, { error: { code: 'TOKEN_REQUIRED' } }])

  // Erasing is signed as well, and leaves no key behind.
  await visitor.evaluate(() => window.storefront!.recommender.forget())
  await expect.poll(() => guarded.tenant.events()).toEqual([])
  const keys = () =>
    visitor.evaluate(async () =>
      (await indexedDB.databases())
        .filter(({ name }) => name?.startsWith('vitrine-keys:'))
        .map(({ name }) => name),
    )
  await expect.poll(keys).toEqual([])
})
