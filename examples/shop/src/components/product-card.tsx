/** A product in a list: picture, title, price, and why it is there. */
import type { VNode } from 'preact'
import { Link } from 'wouter-preact'
import type { Product } from '../catalogue-file.ts'
import { productPath } from '../links.ts'
import { money } from '../money.ts'
import { ProductPicture } from './product-picture.tsx'

/** `why` is undefined in plain lists; in shelves its line keeps its height even when empty. */
export function ProductCard({
  product,
  why,
  onClick,
}: {
  product: Product
  why?: string | undefined
  onClick?: () => void
}): VNode {
  return (
    <Link href={productPath(product.id)} class="card" onClick={() => onClick?.()}>
      <span class="card-picture">
        <ProductPicture product={product} />
      </span>
      <span class="card-title">{product.title}</span>
      <span class="card-price">{money(product.pence)}</span>
      {why !== undefined && (
        <span class="card-why" title={why}>
          {why}
        </span>
      )}
    </Link>
  )
}
