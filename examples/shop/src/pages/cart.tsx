/** The basket. */
import type { VNode } from 'preact'
import { Link } from 'wouter-preact'
import { setQuantity, totalOf } from '../cart.ts'
import { announce } from '../components/announcer.tsx'
import { Breadcrumbs } from '../components/breadcrumbs.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { ProductPicture } from '../components/product-picture.tsx'
import { Quantity } from '../components/quantity.tsx'
import { Shelf } from '../components/shelf.tsx'
import { productPath } from '../links.ts'
import { money } from '../money.ts'
import { cart } from '../state/cart.ts'
import { useCatalogue } from '../state/catalogue.ts'

/** Route `/basket`. */
export function CartPage(): VNode {
  const catalogue = useCatalogue()
  const lines = cart.value.flatMap(({ id, quantity }) => {
    const product = catalogue.product(id)
    return product ? [{ product, quantity }] : []
  })
  const total = totalOf(cart.value, (id) => catalogue.product(id)?.pence)
  return (
    <>
      <Breadcrumbs crumbs={[{ name: 'Basket' }]} />
      <PageTitle title="Your basket" />
      {lines.length === 0 ? (
        <p class="nothing">
          It is empty. <Link href="/">Find something lovely</Link>.
        </p>
      ) : (
        <div class="basket">
          <ul class="basket-lines">
            {lines.map(({ product, quantity }) => (
              <li key={product.id} data-testid="cart-line" data-item={product.id}>
                <Link
                  href={productPath(product.id)}
                  class="basket-picture"
                  aria-label={product.title}
                  tabIndex={-1}
                >
                  <ProductPicture product={product} />
                </Link>
                <div>
                  <Link href={productPath(product.id)} class="basket-title">
                    {product.title}
                  </Link>
                  <p class="muted">{money(product.pence)} each</p>
                  <Quantity
                    value={quantity}
                    label={`Quantity of ${product.title}`}
                    onChange={(next) => change(product.id, next)}
                  />
                </div>
                <p class="basket-price">{money(product.pence * quantity)}</p>
                <button
                  type="button"
                  class="link"
                  aria-label={`Remove ${product.title}`}
                  onClick={() => {
                    change(product.id, 0)
                    announce(`${product.title} removed`)
                  }}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
          <section class="summary" aria-label="Summary">
            <p>
              <span>Subtotal</span> <strong>{money(total)}</strong>
            </p>
            <p class="muted">
              <span>Delivery</span> <span>None, nothing is shipped</span>
            </p>
            <Link href="/checkout" class="button">
              Go to checkout
            </Link>
          </section>
        </div>
      )}
      {lines.length > 0 ? (
        <Shelf
          heading="Goes well with your basket"
          placement="cart"
          exclude={lines.map(({ product }) => product.id)}
          testId="shelf-cart"
        />
      ) : (
        <Shelf heading="For you" placement="home" testId="shelf-for-you" />
      )}
    </>
  )
}

function change(id: string, quantity: number): void {
  cart.value = setQuantity(cart.value, id, quantity)
}
