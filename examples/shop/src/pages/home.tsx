/** The front page: a greeting, what is for this shopper, the departments. */
import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import { Link } from 'wouter-preact'
import type { Category } from '../catalogue.ts'
import { PageTitle } from '../components/page-title.tsx'
import { ProductPicture } from '../components/product-picture.tsx'
import { Shelf } from '../components/shelf.tsx'
import { DEPARTMENT_WORDS, HERO } from '../editorial.ts'
import { categoryPath, productPath } from '../links.ts'
import { useCatalogue } from '../state/catalogue.ts'

/** Route `/`. */
export function HomePage(): VNode {
  const catalogue = useCatalogue()
  return (
    <>
      <section class="hero">
        <div class="hero-words">
          <p class="eyebrow">Gifts &amp; homeware</p>
          <PageTitle title="">Small things, kindly chosen</PageTitle>
          <p>
            Tea for one, bunting for many. {catalogue.products.length.toLocaleString('en-GB')} presents for
            kitchens, gardens, birthdays and no reason at all.
          </p>
          <a class="button" href="#departments">
            Browse the departments
          </a>
        </div>
        <ul class="hero-pictures" aria-label="From the shop window">
          {catalogue.pick(HERO, HERO.length).map((product) => (
            <li key={product.id}>
              <Link href={productPath(product.id)} aria-label={product.title}>
                <ProductPicture product={product} />
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <Shelf heading="For you" placement="home" k={12} testId="shelf-for-you" />
      <section class="departments" id="departments" aria-labelledby="departments-heading">
        <h2 id="departments-heading">Departments</h2>
        <ul>
          {catalogue.categories.map((category) => (
            <li key={category.slug}>
              <Department category={category} />
            </li>
          ))}
        </ul>
      </section>
      <Shelf
        heading="Recently viewed"
        placement="recently-viewed"
        testId="shelf-recent"
        empty="What you look at gathers here."
      />
    </>
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
