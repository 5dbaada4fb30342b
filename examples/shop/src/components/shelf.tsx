/** A row of recommendations. It keeps its height from skeleton to list, and its list until the next one is there. */
import type { VNode } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { RecommendRequest, RecommendResult } from '@vitrine/sdk'
import type { Product } from '../catalogue-file.ts'
import { FAVOURITES } from '../editorial.ts'
import { useCatalogue } from '../state/catalogue.ts'
import {
  type ShownShelf,
  isReady,
  recommender,
  report,
  shownShelves,
  staleness,
  track,
} from '../state/recommender.ts'
import { announce } from './announcer.tsx'
import { ProductCard } from './product-card.tsx'
import { reasonText } from './reason-text.ts'

/** What a shelf asks for and how it is called. */
export interface ShelfProps extends Pick<RecommendRequest, 'placement' | 'anchor' | 'where' | 'exclude'> {
  heading: string
  /** Shown instead of the row when there is nothing to show. */
  empty?: string
  k?: number
  testId: string
  /** Headings of shelves on the page whose items it does not repeat: it waits until they show theirs. */
  unlike?: readonly string[]
  /** Products for when no model can be had; the shop's favourites where they suit. */
  fallback?: readonly Product[] | undefined
}

/** One shelf. */
export function Shelf({ heading, empty, k = 6, testId, unlike, fallback, ...rest }: ShelfProps): VNode {
  const catalogue = useCatalogue()
  const id = useId()
  const [result, setResult] = useState<RecommendResult>()
  const section = useRef<HTMLElement>(null)
  const started = recommender.value
  const others = unlike?.map((name) => shownShelves.value.get(name)?.result.items) ?? []
  const ready = isReady.value && !others.includes(undefined)
  const hidden = [...(rest.exclude ?? []), ...others.flatMap((items) => items?.map(({ item }) => item) ?? [])]
  const asked = hidden.length > 0 ? { ...rest, exclude: hidden } : rest
  const stale = staleness.value
  const request = JSON.stringify(asked)
  // Favourites suit a shelf about the shopper; about a product, or the past, they would tell a lie.
  const isPersonal = asked.anchor === undefined && asked.placement !== 'recently-viewed'
  const own = fallback ?? (isPersonal ? catalogue.pick(FAVOURITES, k) : undefined)

  useEffect(() => {
    if (!ready) return undefined
    if (!started) {
      setResult(ownList(own))
      return undefined
    }
    const { signal, abort } = controller()
    const ids = own?.map((product) => product.id)
    started
      .recommend({ ...asked, k, signal, ...(ids && { fallback: ids }) })
      .then((next) => {
        setResult((previous) => {
          // That the whole model took over from its starter is nothing that the shopper did.
          if (previous && !previous.starter && !sameItems(previous, next)) announce(`${heading} updated`)
          return next
        })
      })
      .catch((error: unknown) => {
        if (!signal.aborted) report(error)
      })
    return abort
  }, [started, ready, stale, request, k])

  useEffect(
    () => (result ? show(heading, { placement: asked.placement, result }) : undefined),
    [heading, result],
  )
  useImpressions(section, asked.placement, result)

  const items = result?.items.flatMap(({ item, reasons }, position) => {
    const product = catalogue.product(item)
    return product ? [{ product, reasons, position }] : []
  })
  return (
    <section class="shelf" ref={section} aria-labelledby={id} data-testid={testId} aria-busy={!items}>
      <h2 id={id}>{heading}</h2>
      {items?.length === 0 ? (
        <p class="shelf-empty">{empty ?? 'Nothing to show here yet.'}</p>
      ) : (
        <ul class="shelf-row">
          {items
            ? items.map(({ product, reasons, position }) => (
                <li key={product.id} data-testid="shelf-item" data-item={product.id}>
                  <ProductCard
                    product={product}
                    why={reasonText({ item: product.id, reasons }, asked.placement, catalogue)}
                    onClick={() => track(clickOn(product.id, position, asked.placement, result))}
                  />
                </li>
              ))
            : Array.from({ length: k }, (_, index) => <Skeleton key={index} />)}
        </ul>
      )}
    </section>
  )
}

function Skeleton(): VNode {
  return (
    <li class="card skeleton" aria-hidden="true">
      <span class="card-picture" />
      <span class="card-title" />
      <span class="card-price" />
      <span class="card-why" />
    </li>
  )
}

/** Tracks each list once, when half of its row has come into view. */
function useImpressions(
  section: { current: HTMLElement | null },
  placement: string,
  result: RecommendResult | undefined,
): void {
  useEffect(() => {
    if (!section.current || !result) return undefined
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry?.isIntersecting) return
        observer.disconnect()
        for (const [position, { item }] of result.items.entries()) {
          track({ ...clickOn(item, position, placement, result), type: 'impression' })
        }
      },
      { threshold: 0.5 },
    )
    observer.observe(section.current)
    return () => observer.disconnect()
  }, [result])
}

function clickOn(
  item: string,
  value: number,
  placement: string,
  result: RecommendResult | undefined,
): { type: 'click'; item: string; value: number; placement: string; revision?: string } {
  const revision = result?.revision
  return { type: 'click', item, value, placement, ...(revision && { revision }) }
}

/** The shop's own list, for browsers in which no recommender runs. */
function ownList(products: readonly Product[] = []): RecommendResult {
  return {
    source: 'page',
    revision: null,
    items: products.map(({ id }) => ({ item: id, score: 0, reasons: [] })),
  }
}

/** Lets the inspector see a shelf while it is on the page. */
function show(heading: string, shelf: ShownShelf): () => void {
  shownShelves.value = new Map(shownShelves.peek()).set(heading, shelf)
  return () => {
    const rest = new Map(shownShelves.peek())
    rest.delete(heading)
    shownShelves.value = rest
  }
}

function sameItems(a: RecommendResult, b: RecommendResult): boolean {
  return (
    a.items.length === b.items.length && a.items.every(({ item }, index) => item === b.items[index]?.item)
  )
}

function controller(): { signal: AbortSignal; abort: () => void } {
  const aborting = new AbortController()
  return { signal: aborting.signal, abort: () => aborting.abort() }
}
