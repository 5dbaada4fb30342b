/** An address that leads nowhere. */
import type { VNode } from 'preact'
import { Link } from 'wouter-preact'
import { PageTitle } from '../components/page-title.tsx'
import { Shelf } from '../components/shelf.tsx'

/** Any other route, and products and categories that are not there. */
export function NotFoundPage(): VNode {
  return (
    <>
      <PageTitle title="We do not have that" />
      <p class="nothing">
        The page may have moved, or the product is no longer sold. <Link href="/">Back to the shop</Link>, or
        look below.
      </p>
      <Shelf heading="For you" placement="home" testId="shelf-for-you" />
    </>
  )
}
