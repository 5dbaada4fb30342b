/** One script tag from another origin and an element: what a shop without a build step uses. */
import type { Diagnostics } from '@vitrine/sdk'
import { serveShop } from '../../examples/script-tag/serve.js'
import { newestRevision } from '../../scripts/serving/model.js'
import { strictPolicy } from '../../scripts/serving/static-server.js'
import { type Settings, type Shop, openShop } from './servers/shop.ts'
import { expect, test as base } from './test.ts'
import type { Visitor } from './visitor/visitor.ts'

/** What the scenario asks of `window.vitrine`. */
interface VitrinePage {
  diagnostics(): Promise<Pick<Diagnostics, 'worker'>>
}

/** A shop's page as its owner writes it. */
const page = ({ endpoint, key, model }: Settings): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A shop with a script tag</title>
    <link rel="icon" href="data:," />
    <script
      async
      src="${endpoint}/widget/vitrine.js"
      data-endpoint="${endpoint}"
      data-model="${model}"
      data-key="${key}"
      data-consent="granted"
    ></script>
  </head>
  <body>
    <h1>A shop</h1>
    <vitrine-shelf placement="home" heading="For you" k="6"></vitrine-shelf>
  </body>
</html>
`

const test = base.extend<{ tagged: Shop; allowsBlobs: boolean }>({
  allowsBlobs: [true, { option: true }],

  tagged: async ({ edge, allowsBlobs }, use) => {
    const shop = await openShop(edge, {
      folders: {},
      documents: (settings) => ({ '/': page(settings) }),
      // What a worker imports falls under worker-src as well: `blob:` alone would not do.
      policy: (endpoint) =>
        strictPolicy([endpoint], { scripts: [endpoint], workers: allowsBlobs ? ['blob:', endpoint] : [] }),
    })
    await use(shop)
    await shop.close()
  },
})

/** Waits until the shelf shows items, and returns their titles. */
function titles(visitor: Visitor): Promise<string[]> {
  return visitor.waitFor('items in the shelf', () => {
    const found = document
      .querySelector('vitrine-shelf')
      ?.shadowRoot?.querySelectorAll('[part~="item"] [part~="title"]')
    const texts = [...(found ?? [])].map((title) => title.textContent)
    return texts.some((text) => text !== '') ? texts : null
  })
}

/** Where the recommender runs, and why not elsewhere. */
async function host(visitor: Visitor): Promise<{ host: string; why: string[] }> {
  return visitor.waitFor('diagnostics', async () => {
    const { vitrine } = window as { vitrine?: VitrinePage }
    if (!vitrine) return null
    const { worker } = await vitrine.diagnostics()
    return { host: worker.host, why: worker.why }
  })
}

// Seen to fail without blob: workers in spawn.ts, and with a policy that names blob: alone.
test('a script tag from another origin fills a shelf from a worker', async ({ visitor, tagged }) => {
  await visitor.open(`${tagged.url}/`)
  expect(await titles(visitor)).toHaveLength(6)
  expect(await visitor.text('[part~="heading"]')).toBe('For you')
  expect(await host(visitor)).toEqual({ host: 'blob-worker', why: [] })
  expect(tagged.violations).toEqual([])
})

test.describe('where the policy forbids blob: workers', () => {
  test.use({ allowsBlobs: false })

  test('the shelf is filled from the main thread', async ({ visitor, tagged }) => {
    await visitor.open(`${tagged.url}/`)
    expect(await titles(visitor)).toHaveLength(6)
    expect(await host(visitor)).toEqual({
      host: 'main-thread',
      why: [expect.stringContaining('blob-worker')],
    })
  })
})

test.describe('the example', () => {
  test('its shelves go over from the page’s own list to the model’s, and strict.html runs from its own origin', async ({
    visitor,
    edge,
  }) => {
    const tenant = await edge.newTenant('http://127.0.0.1:*')
    await tenant.publish(newestRevision().folder)
    const example = await serveShop({ endpoint: edge.url, key: tenant.key })
    try {
      await visitor.open(`${example.url}/`)
      expect((await titles(visitor)).length).toBeGreaterThan(6)
      expect(await host(visitor)).toEqual({ host: 'blob-worker', why: [] })

      await visitor.open(`${example.url}/strict.html`)
      expect((await titles(visitor)).length).toBeGreaterThan(6)
      expect(await host(visitor)).toEqual({ host: 'worker', why: [] })
    } finally {
      await example.close()
    }
  })
})
