import axe from 'axe-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { FixedRecommender, items, listOf } from '../test/fixed-recommender.ts'
import { type VitrineShelf, defineShelf } from './index.ts'

beforeAll(() => {
  defineShelf()
  document.documentElement.lang = 'en'
  document.title = 'A shop'
})

function place(attributes: string, inner = ''): VitrineShelf {
  document.body.innerHTML = `<main><h1>A shop</h1><vitrine-shelf ${attributes}>${inner}</vitrine-shelf></main>`
  return document.querySelector('vitrine-shelf')!
}

async function show(attributes: string, linked = true): Promise<VitrineShelf> {
  const shelf = place(attributes)
  const details = items(8)
  if (!linked) for (const item of details) delete item.url
  shelf.recommender = new FixedRecommender(listOf(details))
  await vi.waitFor(() => expect(shelf.state).toBe('list'))
  // Contrast is measured at rest.
  await new Promise((resolve) => setTimeout(resolve, 400))
  return shelf
}

async function violations(): Promise<string[]> {
  const { violations } = await axe.run(document, { resultTypes: ['violations'] })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

describe('axe finds nothing wrong', () => {
  it.each(['light', 'dark', 'auto'])('with a list, theme %s', async (theme) => {
    await show(`heading="For you" theme="${theme}" reasons currency="EUR"`)
    expect(await violations()).toEqual([])
  })

  it('with a list without a heading, right to left', async () => {
    await show('dir="rtl" lang="he"')
    expect(await violations()).toEqual([])
  })

  it('with items that lead nowhere', async () => {
    await show('heading="For you"', false)
    expect(await violations()).toEqual([])
  })

  it('while it waits', async () => {
    place('heading="For you"')
    expect(await violations()).toEqual([])
  })

  it("with the page's own list", async () => {
    place('heading="For you"', '<a data-item="x" href="#x">Ex</a><a data-item="y" href="#y">Why</a>')
    expect(await violations()).toEqual([])
  })
})

describe('a screen reader', () => {
  it('meets a region with a heading and a list of as many items', async () => {
    const shelf = await show('heading="For you" heading-level="3"')
    const root = shelf.shadowRoot!
    const section = root.querySelector('section')!
    expect(root.getElementById(section.getAttribute('aria-labelledby')!)!.outerHTML).toContain('<h3')
    expect(root.querySelector('ul[part=list][role=list]')!.children).toHaveLength(8)
    expect(section.getAttribute('aria-busy')).toBe('false')
  })

  it('is told of nothing that the shopper did not ask for', async () => {
    const shelf = await show('heading="For you"')
    const recommender = shelf.recommender as FixedRecommender
    recommender.change(listOf(items(4, 20)))
    await vi.waitFor(() => expect(shelf.shadowRoot!.textContent).toContain('Thing number 20'))
    expect(shelf.shadowRoot!.querySelector('[role=status]')!.textContent).toBe('')
  })
})

/** The script tag's source, as the test server serves it. */
const SCRIPT = new URL('./script.ts', import.meta.url).href

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): unknown }
}

describe('a strict policy', () => {
  it('stops nothing of a shelf: no inline style, no markup from text', async () => {
    document.body.innerHTML = ''
    const frame = document.createElement('iframe')
    // What 'self' means; Firefox takes the word for nothing in a frame made from text.
    const self = location.origin
    // The test server's own channel goes over ws:.
    const policy = `default-src ${self}; connect-src *; style-src ${self}; require-trusted-types-for 'script'`
    frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}">
      <vitrine-shelf heading="For you" theme="dark" image-url="/none.png"></vitrine-shelf>`
    document.body.append(frame)
    await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
    const inner = frame.contentWindow as Window & typeof globalThis & { trustedTypes?: TrustedTypes }
    const violated: string[] = []
    inner.document.addEventListener('securitypolicyviolation', (event) =>
      violated.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
    )
    const tag = inner.document.createElement('script')
    tag.type = 'module'
    tag.dataset.endpoint = 'https://edge.shop.example'
    // Trusted Types guard a script's address as well; this one is the test's own.
    const own = inner.trustedTypes?.createPolicy('test', { createScriptURL: (url) => url })
    tag.src = (own?.createScriptURL(SCRIPT) ?? SCRIPT) as string
    inner.document.head.append(tag)
    await inner.customElements.whenDefined('vitrine-shelf')
    const shelf = inner.document.querySelector('vitrine-shelf')!
    shelf.recommender = new FixedRecommender(listOf(items(6)))
    await vi.waitFor(() => expect(shelf.state).toBe('list'))
    expect(inner.getComputedStyle(shelf).backgroundColor).toBe('rgb(23, 24, 27)')
    expect(violated).toEqual([])
  })
})
