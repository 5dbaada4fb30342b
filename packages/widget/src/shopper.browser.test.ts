import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FixedRecommender, items, listOf } from '../test/fixed-recommender.ts'
import type { SelectDetail } from './index.ts'
import { openPage, parts, place, placeWith, rowOf, titles, wait } from '../test/shelf-on-page.ts'

beforeEach(openPage)

const noFollowing = (event: Event): void => event.preventDefault()

describe('what the shopper does', () => {
  it('is tracked as a click with placement, revision and position', async () => {
    const recommender = new FixedRecommender(listOf(items(3)))
    const shelf = await placeWith(recommender, 'placement="home"')
    const selected: SelectDetail[] = []
    shelf.addEventListener('vitrine-select', (event) => {
      selected.push(event.detail)
      event.preventDefault()
    })
    const before = location.href
    parts(shelf, 'link')[1]!.click()
    await vi.waitFor(() =>
      expect(recommender.tracked).toContainEqual({
        type: 'click',
        item: 'item-1',
        placement: 'home',
        revision: 'r1',
        value: 1,
      }),
    )
    expect(selected).toEqual([
      {
        item: 'item-1',
        position: 1,
        url: `${location.origin}/product/1`,
        placement: 'home',
        revision: 'r1',
      },
    ])
    expect(location.href).toBe(before)
  })

  it("is tracked on the page's own list, too", async () => {
    const recommender = new FixedRecommender(listOf([{ id: 'x', title: '' }], 'page'))
    const shelf = place('<vitrine-shelf placement="home"><a data-item="x" href="#x">Ex</a></vitrine-shelf>')
    shelf.addEventListener('click', noFollowing)
    shelf.recommender = recommender
    await vi.waitFor(() => expect(recommender.requests).toHaveLength(1))
    shelf.querySelector('a')!.click()
    await vi.waitFor(() =>
      expect(recommender.tracked).toContainEqual({ type: 'click', item: 'x', placement: 'home', value: 0 }),
    )
  })

  it('counts as an impression once, after a second in view', async () => {
    const recommender = new FixedRecommender(listOf(items(12)))
    const shelf = await placeWith(recommender)
    const seen = (): string[] =>
      recommender.tracked.filter(({ type }) => type === 'impression').map(({ item }) => item!)
    await wait(600)
    expect(seen()).toEqual([])
    await vi.waitFor(() => expect(seen().length).toBeGreaterThan(0), { timeout: 2000 })
    const list = rowOf(shelf).getBoundingClientRect()
    const half = parts(shelf, 'item').filter((item) => {
      const { left, width } = item.getBoundingClientRect()
      return left + width / 2 < Math.min(list.right, innerWidth)
    })
    expect(seen().toSorted()).toEqual(half.map((_, index) => `item-${index}`).toSorted())
    const { value, placement, revision } = recommender.tracked.find(({ item }) => item === 'item-1')!
    expect({ value, placement, revision }).toEqual({ value: 1, placement: 'home', revision: 'r1' })
    const count = seen().length
    recommender.change(listOf(items(12).toReversed()))
    await vi.waitFor(() => expect(titles(shelf)[0]).toBe('Thing number 11'))
    // New ones come into view; none is counted twice.
    await vi.waitFor(() => expect(seen().length).toBeGreaterThan(count), { timeout: 3000 })
    await wait(200)
    expect(new Set(seen()).size).toBe(seen().length)
  })

  it('tells the page of an event that was not taken, and counts it', async () => {
    const recommender = new FixedRecommender(listOf(items(1)))
    recommender.track = () => Promise.reject(new Error('full'))
    const shelf = await placeWith(recommender)
    shelf.addEventListener('vitrine-select', noFollowing)
    const failed = vi.fn()
    shelf.addEventListener('vitrine-error', failed)
    parts(shelf, 'link')[0]!.click()
    await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce())
    expect(shelf.dropped.events).toBe(1)
  })
})

describe('moving along', () => {
  it.each(['ltr', 'rtl'])(
    'goes on by a screenful with the buttons, and says where it is (%s)',
    async (dir) => {
      const shelf = await placeWith(new FixedRecommender(listOf(items(12))), `lang="en" dir="${dir}"`)
      const [previous, next] = [parts(shelf, 'previous')[0]!, parts(shelf, 'next')[0]!]
      const list = rowOf(shelf)
      expect(previous.getAttribute('aria-disabled')).toBe('true')
      next.click()
      await vi.waitFor(() => expect(previous.getAttribute('aria-disabled')).toBe('false'))
      expect(Math.sign(list.scrollLeft)).toBe(dir === 'rtl' ? -1 : 1)
      expect(shelf.shadowRoot!.querySelector('[role=status]')!.textContent).toMatch(/^\d+ to \d+ of 12$/u)
      await vi.waitFor(
        () => {
          next.click()
          expect(next.getAttribute('aria-disabled')).toBe('true')
        },
        { timeout: 8000, interval: 500 },
      )
      expect(shelf.shadowRoot!.querySelector('[role=status]')!.textContent).toMatch(/to 12 of 12$/u)
    },
  )

  it('goes from item to item with the arrow keys', async () => {
    const shelf = await placeWith(new FixedRecommender(listOf(items(4))))
    const links = parts(shelf, 'link')
    // Vitest's own keyboard sometimes loses its frame in Firefox.
    const press = (key: string): void => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true })
      shelf.shadowRoot!.activeElement!.dispatchEvent(event)
    }
    links[0]!.focus()
    press('ArrowRight')
    press('ArrowRight')
    expect(shelf.shadowRoot!.activeElement).toBe(links[2])
    press('ArrowLeft')
    expect(shelf.shadowRoot!.activeElement).toBe(links[1])
    shelf.dir = 'rtl'
    press('ArrowLeft')
    expect(shelf.shadowRoot!.activeElement).toBe(links[2])
  })
})

describe("the page's own markup", () => {
  const template =
    '<template><a data-vitrine="link"><img data-vitrine="image" alt=""><b data-vitrine="title"></b><i data-vitrine="price"></i></a></template>'

  it("fills a template's marked elements, in the page's tree", async () => {
    const shelf = place(`<vitrine-shelf lang="en">${template}</vitrine-shelf>`)
    const recommender = new FixedRecommender(listOf(items(2)))
    shelf.recommender = recommender
    shelf.addEventListener('vitrine-select', noFollowing)
    await vi.waitFor(() => expect(shelf.querySelectorAll('a')).toHaveLength(2))
    const second = shelf.querySelectorAll('a')[1]!
    expect(second.outerHTML).toBe(
      `<a data-vitrine="link" href="${location.origin}/product/1" slot="vitrine-2"><b data-vitrine="title">Thing number 1</b><i data-vitrine="price">3.50</i></a>`,
    )
    expect(second.getBoundingClientRect().width).toBeGreaterThan(50)
    second.click()
    await vi.waitFor(() =>
      expect(recommender.tracked).toContainEqual(expect.objectContaining({ type: 'click', item: 'item-1' })),
    )
    second.blur()
    recommender.change(listOf(items(2).slice(1)))
    await vi.waitFor(() => expect(shelf.querySelectorAll('a')).toHaveLength(1))
    expect(shelf.querySelector('a')).toBe(second)
  })

  it('shows what renderItem returns', async () => {
    const shelf = place('<vitrine-shelf></vitrine-shelf>')
    shelf.renderItem = ({ title, position }) => {
      const card = document.createElement('article')
      card.textContent = `${position}: ${title}`
      return card
    }
    // The model knows no title: the page's code may.
    shelf.recommender = new FixedRecommender({
      source: 'popularity',
      revision: 'r1',
      items: [{ item: 'a', score: 1, reasons: [] }],
    })
    await vi.waitFor(() => expect(shelf.querySelector('article')?.textContent).toBe('0: '))
  })
})
