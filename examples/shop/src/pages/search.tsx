/** Search results. */
import type { VNode } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { Link, useSearchParams } from 'wouter-preact'
import { Breadcrumbs } from '../components/breadcrumbs.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ProductGrid } from '../components/product-grid.tsx'
import { Shelf } from '../components/shelf.tsx'
import { useCatalogue } from '../state/catalogue.ts'
import { track } from '../state/recommender.ts'

/** Route `/search?q=`. */
export function SearchPage(): VNode {
  const catalogue = useCatalogue()
  const [parameters] = useSearchParams()
  const query = (parameters.get('q') ?? '').trim().slice(0, 100)
  const found = useMemo(() => catalogue.search(query), [catalogue, query])
  useEffect(() => {
    if (query !== '') track({ type: 'search', query })
  }, [query])
  return (
    <>
      <Breadcrumbs crumbs={[{ name: 'Search' }]} />
      <PageTitle title={query === '' ? 'Search' : `Results for “${query}”`} />
      {found.length > 0 ? (
        <ProductGrid key={query} products={found} ranked />
      ) : (
        <>
          <p class="nothing">
            {query === ''
              ? 'Type a word in the box above, such as “mug” or “bunting”.'
              : 'We found nothing for that. Try fewer or shorter words, or '}
            {query !== '' && <Link href="/">browse the departments</Link>}
            {query !== '' && '.'}
          </p>
          <Shelf heading="For you" placement="home" testId="shelf-for-you" />
        </>
      )}
    </>
  )
}
