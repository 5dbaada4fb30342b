import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CatalogueItem } from '@vitrine/sdk'
import { FixedRecommender, listOf } from '../test/fixed-recommender.ts'
import { type VitrineShelf, defineShelf } from './index.ts'

beforeAll(() => defineShelf())

const executed = vi.fn()
Object.assign(globalThis, { executed })

const HOSTILE: CatalogueItem[] = [
  { id: '"><script>executed()</script>', title: '<script>executed()</script>', url: 'javascript:executed()' },
  { id: 'b', title: '<img src=x onerror="executed()">', url: ' \u0001JaVa\nScRiPt:executed()' },
  { id: 'c', title: '</span></a><svg onload=executed()>', url: 'data:text/html,<script>executed()</script>' },
  {
    id: 'd',
    title: 'picture',
    url: 'vbscript:executed()',
    image: 'data:image/svg+xml,<svg onload="executed()"/>',
  },
  { id: 'e', title: 'picture two', image: 'javascript:executed()', url: '/fine' },
  { id: 'f', title: '\u202egnp.exe\u2066\u2067 unclosed', price: Number.MAX_VALUE },
  { id: 'g', title: 'x'.repeat(100_000) },
  { id: 'h', title: `${'\u0301'.repeat(2000)}{title}{{constructor}}$&`, category: '<b>' },
]

async function place(inner: string, attributes = ''): Promise<VitrineShelf> {
  executed.mockClear()
  document.body.innerHTML = `<vitrine-shelf reasons currency="EUR" ${attributes}>${inner}</vitrine-shelf>`
  const shelf = document.querySelector('vitrine-shelf')!
  const list = listOf(HOSTILE)
  for (const item of list.items) {
    item.reasons = [{ kind: 'history', item: '<b>', title: '<img src=x onerror=executed()>', weight: 1 }]
  }
  shelf.recommender = new FixedRecommender(list)
  await vi.waitFor(() => expect(shelf.state).toBe('list'))
  return shelf
}

async function clickEverything(root: ParentNode): Promise<void> {
  for (const link of root.querySelectorAll('a')) {
    link.addEventListener('click', (event) => {
      if (link.protocol.startsWith('http')) event.preventDefault()
    })
    link.click()
  }
  await new Promise((resolve) => setTimeout(resolve, 100))
}

describe('hostile shop data', () => {
  it('is shown as text, keeps its links to itself and executes nothing', async () => {
    const shelf = await place('')
    const root = shelf.shadowRoot!
    await clickEverything(root)
    expect(executed).not.toHaveBeenCalled()
    expect([...root.querySelectorAll('[part=title]')].map((title) => title.textContent)).toEqual(
      expect.arrayContaining(HOSTILE.map(({ title }) => title)),
    )
    expect(root.querySelectorAll('script, [onerror], [onload], img')).toHaveLength(0)
    expect([...root.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))).toEqual([
      `${location.origin}/fine`,
    ])
    expect(shelf.dropped).toEqual({ links: 4, images: 2, items: 0, events: 0 })
  })

  it('does no harm as a template’s content or in an address template', async () => {
    const shelf = await place(
      '<template><a data-vitrine="link"><img data-vitrine="image"><b data-vitrine="title"></b><i data-vitrine="category"></i></a></template>',
      'item-url="#{id}"',
    )
    await clickEverything(shelf)
    expect(executed).not.toHaveBeenCalled()
    expect(shelf.querySelectorAll('script, img, svg, [onerror]')).toHaveLength(0)
    expect(shelf.querySelector('a')!.hash).toBe('#%22%3E%3Cscript%3Eexecuted()%3C%2Fscript%3E')
  })

  it('keeps its size, however long the text', async () => {
    const shelf = await place('')
    const heights = [...shelf.shadowRoot!.querySelectorAll('[part=item]')].map(
      (item) => item.getBoundingClientRect().height,
    )
    expect(new Set(heights).size).toBe(1)
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(innerWidth)
  })

  it('counts a picture that does not load, and shows a tile instead', async () => {
    document.body.innerHTML = '<vitrine-shelf image-url="/no-such-picture/{id}.png"></vitrine-shelf>'
    const shelf = document.querySelector('vitrine-shelf')!
    shelf.recommender = new FixedRecommender(listOf([{ id: 'a', title: 'Élan' }]))
    await vi.waitFor(() => expect(shelf.dropped.images).toBe(1))
    expect(shelf.shadowRoot!.querySelector('[part=placeholder]')!.textContent).toBe('É')
    expect(shelf.shadowRoot!.querySelector('img')).toBeNull()
  })
})
