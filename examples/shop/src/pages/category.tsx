/** A department: what suits this shopper in it, then all of it. */
import type { VNode } from 'preact'
import { Breadcrumbs } from '../components/breadcrumbs.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ProductGrid } from '../components/product-grid.tsx'
import { useCatalogue } from '../state/catalogue.ts'
import { NotFoundPage } from './not-found.tsx'

/** Route `/category/:slug`. */
export function CategoryPage({ slug }: { slug: string }): VNode {
  const category = useCatalogue().category(slug)
  if (!category) return <NotFoundPage />
  return (
    <>
      <Breadcrumbs crumbs={[{ name: category.name }]} />
      <PageTitle title={category.name} />
      <ProductGrid products={category.products} />
    </>
  )
}
