/** The products for sale: looked up by id, by category and by words. */
import { type Product, parseCatalogue } from './catalogue-file.ts'
import { hash } from './pictures/chance.ts'

/** A category with its address. */
export interface Category {
  name: string
  slug: string
  products: readonly Product[]
}

/** Ways to order a list. */
export const SORTS: Readonly<Record<string, { label: string; compare: (a: Product, b: Product) => number }>> =
  {
    featured: { label: 'Featured', compare: (a, b) => hash(a.id) - hash(b.id) },
    'price-up': { label: 'Price, low to high', compare: (a, b) => a.pence - b.pence },
    'price-down': { label: 'Price, high to low', compare: (a, b) => b.pence - a.pence },
    title: { label: 'Name, A to Z', compare: (a, b) => a.title.localeCompare(b.title, 'en-GB') },
  }

/** All products. */
export class Catalogue {
  /** Largest first, what fits no other category last. */
  readonly categories: readonly Category[]
  readonly products: readonly Product[]
  readonly #byId: ReadonlyMap<string, Product>
  readonly #categoryOf: ReadonlyMap<Product, Category>
  readonly #searchable: readonly string[]

  /** @throws `TypeError` when `file` is no catalogue. */
  constructor(file: unknown) {
    const { categories, products } = parseCatalogue(file)
    this.products = products
    this.#byId = new Map(products.map((product) => [product.id, product]))
    this.#searchable = products.map(({ id, title }) => ` ${title} ${id}`.toLowerCase())
    this.categories = categories
      .map((name, index) => ({
        name: name === 'Other' ? 'More gifts' : name,
        slug: slugOf(name),
        products: products.filter(({ category }) => category === index),
      }))
      .filter((category) => category.products.length > 0)
      .toSorted((a, b) => rank(b) - rank(a))
    this.#categoryOf = new Map(
      this.categories.flatMap((category) => category.products.map((product) => [product, category] as const)),
    )
  }

  product(id: string): Product | undefined {
    return this.#byId.get(id)
  }

  /** The products with `ids` as far as they are sold, filled up to `count` with others. */
  pick(ids: readonly string[], count: number): Product[] {
    const chosen = ids.flatMap((id) => this.product(id) ?? [])
    return [...new Set([...chosen, ...this.products.slice(0, count)])].slice(0, count)
  }

  category(slug: string): Category | undefined {
    return this.categories.find((category) => category.slug === slug)
  }

  categoryOf(product: Product): Category | undefined {
    return this.#categoryOf.get(product)
  }

  /** Products whose title holds every word of `query`, whole words before parts of words. */
  search(query: string): Product[] {
    const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    if (words.length === 0) return []
    const scored: { product: Product; score: number }[] = []
    for (let i = 0; i < this.products.length; i++) {
      const text = this.#searchable[i] ?? ''
      const product = this.products[i]
      if (!product || !words.every((word) => text.includes(word))) continue
      const starts = words.filter((word) => text.includes(` ${word}`)).length
      scored.push({ product, score: starts / words.length - text.length / 1000 })
    }
    return scored.toSorted((a, b) => b.score - a.score).map(({ product }) => product)
  }
}

function rank({ name, products }: Category): number {
  return name === 'More gifts' ? 0 : products.length
}

function slugOf(name: string): string {
  return (
    name
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join('-') ?? 'other'
  )
}
