/** A checkout that says what it is: no address, no payment, only the events that a purchase would send. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { totalOf } from '../cart.ts'
import { Breadcrumbs } from '../components/breadcrumbs.tsx'
import { PageTitle } from '../components/page-title.tsx'
import { money } from '../money.ts'
import { cart } from '../state/cart.ts'
import { useCatalogue } from '../state/catalogue.ts'
import { track } from '../state/recommender.ts'

/** Route `/checkout`. */
export function CheckoutPage(): VNode {
  const catalogue = useCatalogue()
  const [isPlaced, setPlaced] = useState(false)
  const lines = cart.value
  const place = (): void => {
    for (const { id, quantity } of lines)
      track({ type: 'purchase', item: id, value: quantity, placement: 'checkout' })
    cart.value = []
    setPlaced(true)
    document.querySelector<HTMLElement>('main h1')?.focus()
  }
  return (
    <>
      <Breadcrumbs crumbs={[{ name: 'Basket', href: '/basket' }, { name: 'Checkout' }]} />
      <PageTitle title={isPlaced ? 'Thank you' : 'Checkout'} />
      <div class="checkout">
        {isPlaced && (
          <p role="status">
            Your pretend order is placed: your shelves have learned from it, and nothing will be charged or
            sent. <Link href="/">Back to the shop</Link>
          </p>
        )}
        {!isPlaced && lines.length === 0 && (
          <p>
            Your basket is empty. <Link href="/">Back to the shop</Link>
          </p>
        )}
        {!isPlaced && lines.length > 0 && (
          <>
            <p class="notice">
              <strong>This is a demonstration.</strong> Nothing is sold, charged or shipped, and no address is
              asked for. Placing the order only tells the recommender on this device what you “bought”.
            </p>
            <ul class="checkout-lines">
              {lines.map(({ id, quantity }) => (
                <li key={id}>
                  <span>
                    {quantity} × {catalogue.product(id)?.title ?? id}
                  </span>
                  <span>{money((catalogue.product(id)?.pence ?? 0) * quantity)}</span>
                </li>
              ))}
              <li class="checkout-total">
                <span>Total</span>
                <span>{money(totalOf(lines, (id) => catalogue.product(id)?.pence))}</span>
              </li>
            </ul>
            <button type="button" class="button" data-testid="place-order" onClick={place}>
              Place pretend order
            </button>
          </>
        )}
      </div>
    </>
  )
}
