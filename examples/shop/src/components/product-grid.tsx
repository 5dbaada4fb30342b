/** A list of products over pages, in an order of the shopper's choice; page and order stand in the address. */
import type { VNode } from 'preact'
import { Link, useLocation, useSearchParams } from 'wouter-preact'
import type { Product } from '../catalogue-file.ts'
import { SORTS } from '../catalogue.ts'
import { ProductCard } from './product-card.tsx'

const PER_PAGE = 24

/** `ranked`: the given order is one of relevance and comes first among the orders. */
export function ProductGrid({
  products,
  ranked = false,
}: {
  products: readonly Product[]
  ranked?: boolean
}): VNode {
  const [parameters, setParameters] = useSearchParams()
  const [path] = useLocation()
  const asked = parameters.get('sort') ?? ''
  const sort = Object.hasOwn(SORTS, asked) ? asked : ranked ? '' : 'featured'
  const compare = SORTS[sort]?.compare
  const sorted = compare ? products.toSorted(compare) : products
  const pages = Math.max(1, Math.ceil(sorted.length / PER_PAGE))
  const page = Math.min(pages, Math.max(1, Math.floor(Number(parameters.get('page'))) || 1))
  const onSort = (value: string): void =>
    setParameters((previous) => {
      previous.set('sort', value)
      previous.delete('page')
      return previous
    })
  const pagePath = (number: number): string => {
    const next = new URLSearchParams(parameters)
    next.set('page', String(number))
    return `${path}?${next.toString()}`
  }
  return (
    <>
      <div class="grid-tools">
        <p aria-live="polite">
          {sorted.length.toLocaleString('en-GB')} {sorted.length === 1 ? 'product' : 'products'}
          {pages > 1 && `, page ${page} of ${pages}`}
        </p>
        <label>
          Sort by{' '}
          <select value={sort} onChange={(event) => onSort(event.currentTarget.value)}>
            {ranked && <option value="">Best match</option>}
            {Object.entries(SORTS).map(([value, { label }]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ul class="grid">
        {sorted.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((product) => (
          <li key={product.id}>
            <ProductCard product={product} />
          </li>
        ))}
      </ul>
      {pages > 1 && (
        <nav class="pages" aria-label="Pages">
          {page > 1 && (
            <Link href={pagePath(page - 1)} onClick={toTop}>
              Previous
            </Link>
          )}
          <ol>
            {pagesAround(page, pages).map((number, index) =>
              number === 0 ? (
                <li key={`gap-${index}`}>…</li>
              ) : (
                <li key={number}>
                  <Link
                    href={pagePath(number)}
                    aria-label={`Page ${number}`}
                    aria-current={number === page ? 'page' : undefined}
                    onClick={toTop}
                  >
                    {number}
                  </Link>
                </li>
              ),
            )}
          </ol>
          {page < pages && (
            <Link href={pagePath(page + 1)} onClick={toTop}>
              Next
            </Link>
          )}
        </nav>
      )}
    </>
  )
}

function toTop(): void {
  scrollTo(0, 0)
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
}

/** First, last and the neighbours of `page`; 0 stands for a gap. */
export function pagesAround(page: number, pages: number): number[] {
  const shown = [...new Set([1, page - 1, page, page + 1, pages])].filter(
    (number) => number >= 1 && number <= pages,
  )
  return shown
    .toSorted((a, b) => a - b)
    .flatMap((number, index) => (index > 0 && number - (shown[index - 1] ?? 0) > 1 ? [0, number] : [number]))
}
