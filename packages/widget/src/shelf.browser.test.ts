import { beforeEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { FixedRecommender, items, listOf } from '../test/fixed-recommender.ts'
import { type ReadyDetail, VitrineShelf, defineShelf } from './index.ts'
import {
  hasPointer,
  leave,
  openPage,
  parts,
  place,
  placeWith,
  rowOf,
  titles,
  wait,
} from '../test/shelf-on-page.ts'

beforeEach(openPage)

function withResolvers(): { promise: Promise<void>; reject: (error: Error) => void } {
  let reject!: (error: Error) => void
  const promise = new Promise<void>((_, refuse) => (reject = refuse))
  return { promise, reject }
}

describe('a list', () => {
  it('shows titles, prices and links in order', async () => {
    const shelf = await placeWith(
      new FixedRecommender(listOf(items(3))),
      'lang="en-GB" currency="GBP" item-url="/p/{id}"',
    )
    expect(titles(shelf)).toEqual(['Thing number 0', 'Thing number 1', 'Thing number 2'])
    expect(parts(shelf, 'price').map((price) => price.textContent)).toEqual(['£2.50', '£3.50', '£4.50'])
    expect(parts(shelf, 'link')[1]!.getAttribute('href')).toBe(`${location.origin}/p/item-1`)
  })

  it('asks for what the attributes say', async () => {
    const recommender = new FixedRecommender(listOf(items(3)))
    await placeWith(
      recommender,
      'placement="cart" anchor="a" k="7" exclude="b  c" category="Kitchen" in-stock',
    )
    const { signal: _, ...request } = recommender.requests[0]!
    expect(request).toEqual({
      placement: 'cart',
      anchor: 'a',
      k: 7,
      exclude: ['b', 'c'],
      where: { inStock: true, category: 'Kitchen' },
      fallback: [],
    })
  })

  it('asks for the home list without an anchor, and for 12 items where k is no number', async () => {
    const recommender = new FixedRecommender(listOf(items(3)))
    await placeWith(recommender, 'k="many"')
    expect(recommender.requests[0]).toMatchObject({ placement: 'home', k: 12 })
  })

  it('tells the page where it came from', async () => {
    const shelf = place('<vitrine-shelf placement="home"></vitrine-shelf>')
    const ready = new Promise<ReadyDetail>((resolve) =>
      document.addEventListener('vitrine-ready', ({ detail }) => resolve(detail), { once: true }),
    )
    shelf.recommender = Promise.resolve(new FixedRecommender(listOf(items(2))))
    expect(await ready).toEqual({
      placement: 'home',
      source: 'personal',
      revision: 'r1',
      items: ['item-0', 'item-1'],
      dropped: { links: 0, images: 0, items: 0, events: 0 },
    })
  })

  it('shows reasons where they are wanted', async () => {
    const shelf = await placeWith(new FixedRecommender(listOf(items(1))), 'lang="en" reasons')
    expect(parts(shelf, 'reason')[0]!.textContent).toBe('Because you viewed White metal lantern')
    shelf.removeAttribute('reasons')
    expect(parts(shelf, 'reason')[0]!.textContent).toBe('')
  })

  it('takes properties that were set before the element was defined', async () => {
    const shelf = document.createElement('late-shelf') as VitrineShelf
    shelf.recommender = new FixedRecommender(listOf(items(2)))
    document.body.append(shelf)
    defineShelf('late-shelf')
    await vi.waitFor(() => expect(shelf.state).toBe('list'))
    expect(shelf).toBeInstanceOf(VitrineShelf)
  })

  it('follows its attributes', async () => {
    const recommender = new FixedRecommender(listOf(items(3)))
    const shelf = await placeWith(recommender, 'anchor="a"')
    shelf.setAttribute('anchor', 'b')
    shelf.setAttribute('k', '2')
    await vi.waitFor(() => expect(titles(shelf)).toHaveLength(2))
    // Two changes, one request.
    expect(recommender.requests.map(({ anchor }) => anchor)).toEqual(['a', 'b'])
    shelf.setAttribute('currency', 'EUR')
    shelf.lang = 'de'
    shelf.setAttribute('heading', 'Passt dazu')
    expect(parts(shelf, 'price')[0]!.textContent).toContain('€')
    expect(recommender.requests).toHaveLength(2)
  })

  it('stops listening when it leaves the page, and goes on when it comes back', async () => {
    const recommender = new FixedRecommender(listOf(items(3)))
    const shelf = await placeWith(recommender)
    expect(recommender.listeners).toBe(1)
    shelf.remove()
    expect(recommender.listeners).toBe(0)
    document.body.append(shelf)
    expect(titles(shelf)).toHaveLength(3)
    await vi.waitFor(() => expect(recommender.listeners).toBe(1))
  })
})

describe('while it waits', () => {
  it('is as high as with its list', async () => {
    const recommender = new FixedRecommender(listOf(items(4)))
    const shelf = place('<vitrine-shelf heading="For you" k="4" reasons></vitrine-shelf>')
    const waiting = shelf.getBoundingClientRect().height
    expect(shelf.state).toBe('loading')
    expect(waiting).toBeGreaterThan(150)
    shelf.recommender = recommender
    await vi.waitFor(() => expect(shelf.state).toBe('list'))
    expect(shelf.getBoundingClientRect().height).toBe(waiting)
  })

  it("keeps the room that its list will need behind the page's own list", async () => {
    const shelf = place('<vitrine-shelf k="4"><a data-item="x" href="#x">Ex</a></vitrine-shelf>')
    const waiting = shelf.getBoundingClientRect().height
    shelf.recommender = new FixedRecommender(listOf(items(4)))
    await vi.waitFor(() => expect(shelf.state).toBe('list'))
    expect(shelf.getBoundingClientRect().height).toBe(waiting)
  })

  it("shows the page's own list, and hands its ids over", async () => {
    const shelf = place(
      '<vitrine-shelf><a data-item="x" href="#x">Ex</a><p><a data-item="y" href="#y">Why</a></p></vitrine-shelf>',
    )
    expect(shelf.state).toBe('fallback')
    expect(shelf.querySelector('a')!.getBoundingClientRect().width).toBeGreaterThan(50)
    const recommender = new FixedRecommender(listOf([{ id: 'x', title: '' }], 'page'))
    shelf.recommender = recommender
    await vi.waitFor(() => expect(recommender.requests).toHaveLength(1))
    expect(recommender.requests[0]!.fallback).toEqual(['x', 'y'])
    await wait(20)
    expect(shelf.state).toBe('fallback')
    recommender.change(listOf(items(2)))
    await vi.waitFor(() => expect(shelf.state).toBe('list'))
    expect(shelf.querySelector('a')!.getBoundingClientRect().width).toBe(0)
  })

  it('goes away when the recommender cannot be had, and says why', async () => {
    const shelf = place('<vitrine-shelf heading="For you"></vitrine-shelf>')
    const codes: unknown[] = []
    shelf.addEventListener('vitrine-error', ({ detail }) => codes.push(detail.code))
    shelf.recommender = Promise.reject(new TypeError('no'))
    await vi.waitFor(() => expect(shelf.state).toBe('empty'))
    expect(shelf.getBoundingClientRect().height).toBe(0)
    expect(codes).toEqual(['INTERNAL'])
  })

  it("shows the page's words for nothing", async () => {
    const shelf = place('<vitrine-shelf><p slot="empty">Nothing yet</p></vitrine-shelf>')
    shelf.recommender = Promise.reject(new TypeError('no'))
    await vi.waitFor(() => expect(shelf.state).toBe('empty'))
    expect(shelf.querySelector('p')!.getBoundingClientRect().height).toBeGreaterThan(0)
  })

  it('waits on while a model is on its way, until it cannot be had', async () => {
    const recommender = new FixedRecommender(listOf([], 'page'))
    const { promise, reject } = withResolvers()
    recommender.ready = promise
    const shelf = place('<vitrine-shelf></vitrine-shelf>')
    shelf.recommender = recommender
    await vi.waitFor(() => expect(recommender.requests).toHaveLength(1))
    await wait(20)
    expect(shelf.state).toBe('loading')
    reject(new Error('offline'))
    await vi.waitFor(() => expect(shelf.state).toBe('empty'))
  })
})

describe('a list that changes', () => {
  it('keeps the nodes of the items that stay', async () => {
    const recommender = new FixedRecommender(listOf(items(3)))
    const shelf = await placeWith(recommender)
    const [first, second] = parts(shelf, 'item')
    recommender.change(listOf([...items(1, 1), ...items(1, 7), ...items(1, 0)]))
    await vi.waitFor(() =>
      expect(titles(shelf)).toEqual(['Thing number 1', 'Thing number 7', 'Thing number 0']),
    )
    expect(parts(shelf, 'item')[0]).toBe(second)
    expect(parts(shelf, 'item')[2]).toBe(first)
  })

  it('stays scrolled where it is', async () => {
    const recommender = new FixedRecommender(listOf(items(12)))
    const shelf = await placeWith(recommender)
    const list = rowOf(shelf)
    list.scrollLeft = list.scrollWidth / 2
    await wait(400)
    const scrolled = list.scrollLeft
    expect(scrolled).toBeGreaterThan(100)
    recommender.change(listOf(items(12).toReversed()))
    await vi.waitFor(() => expect(titles(shelf)[0]).toBe('Thing number 11'))
    await wait(400)
    expect(Math.abs(list.scrollLeft - scrolled)).toBeLessThan(3)
  })

  it.runIf(hasPointer)('waits while the pointer is over it', async () => {
    const recommender = new FixedRecommender(listOf(items(3)))
    const shelf = await placeWith(recommender)
    await userEvent.hover(parts(shelf, 'item')[0]!)
    recommender.change(listOf(items(3, 5)))
    await wait(250)
    expect(recommender.requests).toHaveLength(2)
    expect(titles(shelf)[0]).toBe('Thing number 0')
    await leave()
    await vi.waitFor(() => expect(titles(shelf)[0]).toBe('Thing number 5'))
  })

  it('waits while the focus is in it, but not for what the page asks', async () => {
    const recommender = new FixedRecommender(listOf(items(3)))
    const shelf = await placeWith(recommender)
    parts(shelf, 'link')[0]!.focus()
    recommender.change(listOf(items(3, 5)))
    await wait(250)
    expect(titles(shelf)[0]).toBe('Thing number 0')
    await shelf.refresh({ announce: true })
    expect(titles(shelf)[0]).toBe('Thing number 5')
    expect(shelf.shadowRoot!.querySelector('[role=status]')!.textContent).toBe('3 recommendations')
  })
})
