/** The front page: a greeting, what is for this shopper, the departments. */
import type { VNode } from 'preact'
import { Link } from 'wouter-preact'
import { Departments } from '../components/departments.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ProductPicture } from '../components/product-picture.tsx'
import { Shelf } from '../components/shelf.tsx'
import { HERO } from '../editorial.ts'
import { productPath } from '../links.ts'
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
      <section class="section" aria-labelledby="departments">
        <h2 id="departments">Departments</h2>
        <Departments />
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
