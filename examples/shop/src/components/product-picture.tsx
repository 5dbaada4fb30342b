/** A product's picture. */
import type { VNode } from 'preact'
import { useId, useMemo } from 'preact/hooks'
import { type PictureSubject, drawPicture } from '../pictures/picture.tsx'

/** Decorative: the title stands beside it wherever it is shown. */
export function ProductPicture({ product }: { product: PictureSubject }): VNode {
  const scope = useId()
  return useMemo(() => drawPicture(product, scope), [product, scope])
}
