/** All departments, each with a picture from it. */
import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { Category } from '../catalogue.ts'
import { DEPARTMENT_WORDS } from '../editorial.ts'
import { categoryPath } from '../links.ts'
import { useCatalogue } from '../state/catalogue.ts'
import { ProductPicture } from './product-picture.tsx'

/** A list, to stand under a heading. */
export function Departments(): VNode {
  const { categories } = useCatalogue()
  return (
    <ul class="departments">
      {categories.map((category) => (
        <li key={category.slug}>
          <Department category={category} />
        </li>
      ))}
    </ul>
  )
}

function Department({ category }: { category: Category }): VNode {
  const { name, slug, products } = category
  const shown = useMemo(() => {
    const word = Object.hasOwn(DEPARTMENT_WORDS, name) ? DEPARTMENT_WORDS[name] : undefined
    return products.find(({ title }) => word !== undefined && title.includes(word)) ?? products[0]
  }, [name, products])
  return (
    <Link href={categoryPath(slug)} class="department">
      {shown && <ProductPicture product={shown} />}
      <span class="department-name">{name}</span>
      <span class="department-count">{products.length} products</span>
    </Link>
  )
}
