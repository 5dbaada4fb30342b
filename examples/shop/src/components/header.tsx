/** The sticky head: name, search, basket, categories. */
import type { VNode } from 'preact'
import { useComputed } from '@preact/signals'
import { Link, useLocation, useSearchParams } from 'wouter-preact'
import { countOf } from '../cart.ts'
import { categoryPath, searchPath } from '../links.ts'
import { cart } from '../state/cart.ts'
import { useCatalogue } from '../state/catalogue.ts'

/** Categories that fit one line of a desktop; the rest is one click away. */
const SHOWN_CATEGORIES = 7

/** Landmark `banner`. */
export function Header(): VNode {
  const { categories } = useCatalogue()
  const [path] = useLocation()
  return (
    <header class="site-header">
      <div class="site-header-row">
        <Link href="/" class="logo">
          <LogoMark />
          Little Vitrine
        </Link>
        <SearchForm />
        <CartLink />
      </div>
      <nav class="site-nav" aria-label="Categories">
        <ul>
          {categories.slice(0, SHOWN_CATEGORIES).map(({ name, slug }) => (
            <li key={slug}>
              <Link href={categoryPath(slug)} aria-current={path === categoryPath(slug) ? 'page' : undefined}>
                {name}
              </Link>
            </li>
          ))}
          <li>
            <Link href="/departments" aria-current={path === '/departments' ? 'page' : undefined}>
              All departments
            </Link>
          </li>
        </ul>
      </nav>
    </header>
  )
}

function LogoMark(): VNode {
  return (
    <svg class="logo-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        d="M6 27V14C6 8 10.5 4.5 16 4.5S26 8 26 14V27Z"
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
      />
      <path d="M3.5 27H28.5M16 4.5V2.5" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />
      <path
        class="logo-heart"
        d="M16 23.5C13 21.3 11.3 19.6 11.3 17.3 11.3 14.6 14.8 14 16 16.5 17.2 14 20.7 14.6 20.7 17.3 20.7 19.6 19 21.3 16 23.5Z"
      />
    </svg>
  )
}

function SearchForm(): VNode {
  const [, navigate] = useLocation()
  const [parameters] = useSearchParams()
  const query = parameters.get('q') ?? ''
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget as HTMLFormElement).get('q')
    if (typeof typed === 'string' && typed.trim() !== '') navigate(searchPath(typed.trim()))
  }
  return (
    <search class="search">
      <form action="/search" onSubmit={onSubmit}>
        <label class="visually-hidden" for="search-input">
          Search the shop
        </label>
        <input
          id="search-input"
          key={query}
          name="q"
          type="search"
          placeholder="Search mugs, bunting, candles…"
          defaultValue={query}
          autocomplete="off"
          maxLength={100}
        />
        <button type="submit" aria-label="Search">
          <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path
              d="M13.5 13.5L18 18M15 8.5A6.5 6.5 0 1 1 2 8.5 6.5 6.5 0 0 1 15 8.5Z"
              fill="none"
              stroke="currentColor"
              stroke-width="1.6"
              stroke-linecap="round"
            />
          </svg>
        </button>
      </form>
    </search>
  )
}

function CartLink(): VNode {
  const count = useComputed(() => countOf(cart.value))
  return (
    <Link
      href="/basket"
      class="cart-link"
      aria-label={`Basket, ${count.value} ${count.value === 1 ? 'item' : 'items'}`}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path
          d="M3.5 9H20.5L18.8 20H5.2ZM8 9C8 2.5 16 2.5 16 9"
          fill="none"
          stroke="currentColor"
          stroke-width="1.6"
          stroke-linejoin="round"
        />
      </svg>
      <span class="cart-word">Basket</span>
      <span class="cart-count" data-testid="cart-count">
        {count.value}
      </span>
    </Link>
  )
}
