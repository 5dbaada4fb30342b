import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FixedRecommender, items, listOf } from '../test/fixed-recommender.ts'
import { openPage, place, wait } from '../test/shelf-on-page.ts'
import type { VitrineShelf } from './index.ts'

beforeEach(openPage)

/** What a shelf asked for last, other than the first. */
function leftOut({ requests }: FixedRecommender): readonly string[] | undefined {
  return requests.at(-1)?.exclude
}

/** The page's shelves, each with a recommender of its own that answers two items. */
async function shelvesOf(markup: string): Promise<{ shelves: VitrineShelf[]; asked: FixedRecommender[] }> {
  place(markup)
  const shelves = [...document.querySelectorAll('vitrine-shelf')]
  const asked = shelves.map((_, place) => new FixedRecommender(listOf(items(2, 10 * place))))
  for (const [place, shelf] of shelves.entries()) shelf.recommender = asked[place]!
  await vi.waitFor(() => expect(shelves.every(({ state }) => state === 'list')).toBe(true))
  return { shelves, asked }
}

describe('a shelf unlike others', () => {
  it('leaves out what they show, beside what it leaves out anyway', async () => {
    const { asked } = await shelvesOf(
      '<vitrine-shelf id="a"></vitrine-shelf><vitrine-shelf id="b"></vitrine-shelf><vitrine-shelf unlike="a  b nobody" exclude="x"></vitrine-shelf>',
    )
    await vi.waitFor(() =>
      expect(leftOut(asked[2]!)).toEqual(['x', 'item-0', 'item-1', 'item-10', 'item-11']),
    )
    expect(leftOut(asked[0]!)).toBeUndefined()
  })

  it('asks again when they show something else, and only then', async () => {
    const { shelves, asked } = await shelvesOf(
      '<vitrine-shelf id="a"></vitrine-shelf><vitrine-shelf unlike="a"></vitrine-shelf>',
    )
    await vi.waitFor(() => expect(leftOut(asked[1]!)).toEqual(['item-0', 'item-1']))
    const before = asked[1]!.requests.length
    asked[0]!.change(listOf(items(2)))
    await wait(300)
    expect(asked[1]!.requests).toHaveLength(before)
    asked[0]!.change(listOf(items(2, 5)))
    await vi.waitFor(() => expect(leftOut(asked[1]!)).toEqual(['item-5', 'item-6']))
    // Nothing more once it has gone.
    shelves[1]!.remove()
    const asOf = asked[1]!.requests.length
    asked[0]!.change(listOf(items(2, 7)))
    await wait(300)
    expect(asked[1]!.requests).toHaveLength(asOf)
  })

  it('comes to rest where two are unlike each other: the first goes first', async () => {
    const { asked } = await shelvesOf(
      '<vitrine-shelf id="a" unlike="b"></vitrine-shelf><vitrine-shelf id="b" unlike="a"></vitrine-shelf>',
    )
    await vi.waitFor(() => expect(leftOut(asked[1]!)).toEqual(['item-0', 'item-1']))
    await wait(300)
    expect(leftOut(asked[0]!)).toBeUndefined()
    expect(asked[0]!.requests.length).toBeLessThan(4)
    expect(asked[1]!.requests.length).toBeLessThan(4)
  })

  it('finds them in a shadow root of its own', async () => {
    const host = document.createElement('div')
    const root = host.attachShadow({ mode: 'open' })
    document.body.append(host)
    root.innerHTML = '<vitrine-shelf id="a"></vitrine-shelf><vitrine-shelf unlike="a"></vitrine-shelf>'
    const [first, second] = root.querySelectorAll('vitrine-shelf')
    const asked = new FixedRecommender(listOf(items(2, 20)))
    first!.recommender = new FixedRecommender(listOf(items(2)))
    second!.recommender = asked
    await vi.waitFor(() => expect(leftOut(asked)).toEqual(['item-0', 'item-1']))
  })
})
