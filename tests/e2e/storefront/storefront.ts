/** What scenarios do on the storefront page. */
import type { Diagnostics, Recommender } from '@vitrine/sdk'
import type { Shop } from '../servers/shop.ts'
import type { Visitor } from '../visitor/visitor.ts'

/** A list as the page shows it. */
export interface List {
  [key: string]: string | string[] | boolean | null
  items: string[]
  source: string
  /** Made while the model was on its way. */
  starter: boolean
  revision: string | null
}

declare global {
  interface Window {
    storefront?: {
      recommender: Recommender
      /** The recommender, and those that were opened beside it. */
      tabs: Recommender[]
      openTab(): Promise<void>
      show(request?: object): Promise<List>
      errors: string[]
      violations: string[]
    }
  }
}

/** Opens the page, or opens it anew, and waits until its recommender runs. */
export async function enter(visitor: Visitor, shop: Shop, query = ''): Promise<void> {
  await visitor.open(`${shop.url}/${query}`)
  await visitor.waitFor('the storefront', () => window.storefront !== undefined)
}

/** Reloads the page and waits until its recommender runs. */
export async function comeBack(visitor: Visitor): Promise<void> {
  await visitor.reload()
  await visitor.waitFor('the storefront after a reload', () => window.storefront !== undefined)
}

/** Asks for the shelf as it is now. */
export function show(visitor: Visitor): Promise<List> {
  return visitor.evaluate(() => window.storefront!.show())
}

/** Waits until the shelf comes from `source`: of the whole model, unless the starter is asked for. */
export function untilFrom(visitor: Visitor, source: string, { starter = false } = {}): Promise<List> {
  return visitor.waitFor(
    `a list from ${source}${starter ? ' of the starter' : ''}`,
    async (wanted) => {
      const list = await window.storefront!.show()
      return list.source === wanted.source && list.starter === wanted.starter ? list : null
    },
    { source, starter },
  )
}

/** Views items one after the other; every view is durable when this resolves. */
export async function view(visitor: Visitor, items: readonly string[]): Promise<void> {
  await visitor.evaluate(
    async (viewed) => {
      for (const item of viewed) await window.storefront!.recommender.track({ type: 'view', item })
    },
    [...items],
  )
}

/** The recommender's account of itself. */
export async function diagnostics(visitor: Visitor): Promise<Diagnostics> {
  // As text: the whole of it is JSON, and the visitor's types need not know its shape.
  const text = await visitor.evaluate(async () =>
    JSON.stringify(await window.storefront!.recommender.diagnostics()),
  )
  return JSON.parse(text) as Diagnostics
}

/** Calls a method without arguments and returns the code that it failed with, or null. */
export function codeOf(visitor: Visitor, method: 'update' | 'flush' | 'forget'): Promise<string | null> {
  return visitor.evaluate(async (name) => {
    try {
      await window.storefront!.recommender[name]()
      return null
    } catch (error) {
      return String((error as { code?: string }).code)
    }
  }, method)
}

/** Uncaught errors and policy violations that the page saw. */
export function troubles(visitor: Visitor): Promise<string[]> {
  return visitor.evaluate(() => [...window.storefront!.errors, ...window.storefront!.violations])
}
