/** A product: its picture, its price, and what goes with it. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { addToCart } from '../cart.ts'
import type { Product } from '../catalogue-file.ts'
import { announce } from '../components/announcer.tsx'
import { Breadcrumbs } from '../components/breadcrumbs.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ProductPicture } from '../components/product-picture.tsx'
import { Quantity } from '../components/quantity.tsx'
import { Shelf } from '../components/shelf.tsx'
import { categoryPath } from '../links.ts'
import { money } from '../money.ts'
import { cart } from '../state/cart.ts'
import { useCatalogue } from '../state/catalogue.ts'
import { track } from '../state/recommender.ts'
import { NotFoundPage } from './not-found.tsx'

const TOGETHER = 'Often bought together'
const SIMILAR = 'Similar'

/** Route `/product/:id`. */
export function ProductPage({ id }: { id: string }): VNode {
  const catalogue = useCatalogue()
  const product = catalogue.product(id)
  useEffect(() => {
    if (product) track({ type: 'view', item: product.id, placement: 'product-page' })
  }, [product])
  if (!product) return <NotFoundPage />
  const category = catalogue.categoryOf(product)
  const here = { name: product.title }
  const neighbours = category?.products.filter((other) => other !== product).slice(0, 6)
  return (
    <>
      <Breadcrumbs
        crumbs={category ? [{ name: category.name, href: categoryPath(category.slug) }, here] : [here]}
      />
      <article class="product">
        <div class="product-picture">
          <ProductPicture product={product} />
        </div>
        <div class="product-words">
          {category && <p class="eyebrow">{category.name}</p>}
          <PageTitle title={product.title} testId="product-title" />
          <p class="product-price">{money(product.pence)}</p>
          <AddToCart product={product} />
          <dl class="product-facts">
            <div>
              <dt>Availability</dt>
              <dd>In stock</dd>
            </div>
            <div>
              <dt>Item code</dt>
              <dd>{product.id}</dd>
            </div>
            <div>
              <dt>Delivery</dt>
              <dd>None: this is a demonstration shop</dd>
            </div>
          </dl>
        </div>
      </article>
      <Shelf heading={TOGETHER} placement="bought-together" anchor={product.id} testId="shelf-together" />
      <Shelf
        heading={SIMILAR}
        placement="similar"
        anchor={product.id}
        unlike={[TOGETHER]}
        testId="shelf-similar"
        fallback={neighbours}
      />
      <Shelf
        heading="For you"
        placement="home"
        exclude={[product.id]}
        unlike={[TOGETHER, SIMILAR]}
        testId="shelf-for-you"
      />
      <Shelf
        heading="Recently viewed"
        placement="recently-viewed"
        exclude={[product.id]}
        testId="shelf-recent"
        empty="What you look at gathers here."
      />
    </>
  )
}

function AddToCart({ product }: { product: Product }): VNode {
  const [quantity, setQuantity] = useState(1)
  const [added, setAdded] = useState(0)
  const add = (): void => {
    cart.value = addToCart(cart.value, product.id, quantity)
    setAdded(added + quantity)
    track({ type: 'add_to_cart', item: product.id, value: quantity, placement: 'product-page' })
    announce(`${quantity} × ${product.title} added to your basket`)
  }
  return (
    <>
      <div class="buy">
        <Quantity value={quantity} label={`Quantity of ${product.title}`} onChange={setQuantity} />
        <button type="button" class="button" data-testid="add-to-cart" onClick={add}>
          Add to basket
        </button>
      </div>
      <p class="added">
        {added > 0 && (
          <>
            {added} added. <Link href="/basket">View your basket</Link>
          </>
        )}
      </p>
    </>
  )
}
