/** A first visit as a shopper sees it: the page's own list, then the starter's, then the model's, and never nothing. */
import { beforeEach, expect, it, vi } from 'vitest'
import type { RecommendResult } from '@vitrine/sdk'
import { FixedRecommender, items, listOf } from '../test/fixed-recommender.ts'
import { openPage, parts, place, rowOf, titles, wait } from '../test/shelf-on-page.ts'
import type { ReadyDetail, VitrineShelf } from './index.ts'

beforeEach(openPage)

const fromStarter: RecommendResult = { ...listOf(items(6), 'popularity'), starter: true }
/** Two of the starter's items go, four change places, two are new. */
const fromModel = listOf([...items(4, 2).toReversed(), ...items(2, 10)])

/** Watches the row until `end` is called: the fewest cards to be seen after any change, or in any frame. */
function watchCards(shelf: VitrineShelf): { end: () => number } {
  let fewest = Infinity
  const count = (): void => {
    fewest = Math.min(fewest, parts(shelf, 'item').filter((card) => card.offsetHeight > 0).length)
  }
  const observer = new MutationObserver(count)
  observer.observe(rowOf(shelf), { childList: true })
  let frame = requestAnimationFrame(function look() {
    count()
    frame = requestAnimationFrame(look)
  })
  return {
    end: () => {
      observer.disconnect()
      cancelAnimationFrame(frame)
      return fewest
    },
  }
}

// Seen to fail with a new card for every item, and with grey places shown until the list is drawn.
it('settles from the starter to the model: cards that stay are the same nodes, and the row is never empty', async () => {
  const recommender = new FixedRecommender(fromStarter)
  const shelf = place('<vitrine-shelf k="6"><a data-item="x" href="#x">Ex</a></vitrine-shelf>')
  const told: ReadyDetail[] = []
  shelf.addEventListener('vitrine-ready', ({ detail }) => told.push(detail))
  shelf.recommender = recommender
  await vi.waitFor(() => expect(shelf.state).toBe('list'))
  const nodes = new Map(parts(shelf, 'item').map((node, place) => [fromStarter.items[place]!.item, node]))
  const height = shelf.getBoundingClientRect().height
  const cards = watchCards(shelf)

  recommender.change(fromModel, 'model')
  await vi.waitFor(() => expect(titles(shelf)[0]).toBe('Thing number 5'))
  await wait(500) // Until everything has glided to its place.
  expect(cards.end()).toBeGreaterThanOrEqual(6)
  const after = new Map(parts(shelf, 'item').map((node, place) => [fromModel.items[place]!.item, node]))
  for (const item of ['item-2', 'item-3', 'item-4', 'item-5']) expect(after.get(item)).toBe(nodes.get(item))
  expect(shelf.getBoundingClientRect().height).toBe(height)
  expect(told.map(({ source, starter }) => [source, starter])).toEqual([
    ['popularity', true],
    ['personal', undefined],
  ])
})

it('a starter with nothing to say leaves the page’s own list in its place', async () => {
  const recommender = new FixedRecommender(listOf([{ id: 'x', title: '' }], 'page'))
  const shelf = place('<vitrine-shelf k="6"><a data-item="x" href="#x">Ex</a></vitrine-shelf>')
  shelf.recommender = recommender
  await vi.waitFor(() => expect(recommender.requests).toHaveLength(1))
  await wait(20)
  expect(shelf.state).toBe('fallback')
  recommender.change(fromModel, 'model')
  await vi.waitFor(() => expect(shelf.state).toBe('list'))
})
