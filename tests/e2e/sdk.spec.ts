/** The SDK in a bare page, on a real endpoint and a real model: what a shopper's device does by itself. */
import type { Recommender } from '@vitrine/sdk'
import { expect, test } from './test.ts'
import type { Visitor } from './visitor/visitor.ts'

interface List {
  items: string[]
  source: string
  revision: string | null
  [key: string]: string | string[] | null
}

declare global {
  interface Window {
    storefront?: {
      recommender: Recommender
      show(request?: object): Promise<List>
      errors: string[]
      violations: string[]
    }
  }
}

async function enter(visitor: Visitor, url: string): Promise<void> {
  await visitor.open(url)
  await visitor.waitFor('the storefront', () => window.storefront !== undefined)
}

const show = (visitor: Visitor) => visitor.evaluate(() => window.storefront!.show())

function untilPersonal(visitor: Visitor, source = 'personal'): Promise<List> {
  return visitor.waitFor(
    `a list from ${source}`,
    async (wanted) => {
      const list = await window.storefront!.show()
      return list.source === wanted ? list : null
    },
    source,
  )
}

test('a cold visit gets a list from the model, and views make it personal', async ({
  visitor,
  storefront,
}) => {
  await enter(visitor, storefront.url)
  const first = await untilPersonal(visitor, 'popularity')
  expect(first.revision).toBe(storefront.revision)
  expect(first.items).toHaveLength(8)

  await visitor.evaluate(
    async (items) => {
      for (const item of items) await window.storefront!.recommender.track({ type: 'view', item })
    },
    first.items.slice(0, 3),
  )
  const then = await show(visitor)
  expect(then.source).toBe('personal')
  expect(then.items).not.toEqual(first.items)

  await visitor.evaluate(() => window.storefront!.recommender.flush())
  const stored = await storefront.tenant.events()
  expect(stored.map(({ seq, type, item }) => [seq, type, item])).toEqual(
    first.items.slice(0, 3).map((item, index) => [index + 1, 'view', item]),
  )
})
