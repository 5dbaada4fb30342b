/** The way from the home page to here. */
import type { VNode } from 'preact'
import { Link } from 'wouter-preact'

/** The last crumb is the page itself and has no `href`. */
export function Breadcrumbs({ crumbs }: { crumbs: readonly { name: string; href?: string }[] }): VNode {
  return (
    <nav class="breadcrumbs" aria-label="Breadcrumbs">
      <ol>
        <li>
          <Link href="/">Home</Link>
        </li>
        {crumbs.map(({ name, href }) => (
          <li key={name}>
            {href === undefined ? <span aria-current="page">{name}</span> : <Link href={href}>{name}</Link>}
          </li>
        ))}
      </ol>
    </nav>
  )
}
