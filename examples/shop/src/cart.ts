/** The basket: quantities by product id, in the order in which they were added. */

/** One line of the basket. */
export interface CartLine {
  id: string
  quantity: number
}

/** Most of one product in one basket. */
export const MAX_QUANTITY = 99

/** Returns `cart` with `quantity` more of `id`. */
export function addToCart(cart: readonly CartLine[], id: string, quantity: number): CartLine[] {
  const line = cart.find((candidate) => candidate.id === id)
  return line ? setQuantity(cart, id, line.quantity + quantity) : [...cart, { id, quantity: clamp(quantity) }]
}

/** Returns `cart` with `quantity` of `id`; none removes the line. */
export function setQuantity(cart: readonly CartLine[], id: string, quantity: number): CartLine[] {
  if (quantity < 1) return cart.filter((line) => line.id !== id)
  return cart.map((line) => (line.id === id ? { id, quantity: clamp(quantity) } : line))
}

/** Number of things in the basket. */
export function countOf(cart: readonly CartLine[]): number {
  return cart.reduce((sum, { quantity }) => sum + quantity, 0)
}

/** Total in pence; `penceOf` answers `undefined` for a product that is no longer sold, which costs nothing. */
export function totalOf(cart: readonly CartLine[], penceOf: (id: string) => number | undefined): number {
  return cart.reduce((sum, { id, quantity }) => sum + (penceOf(id) ?? 0) * quantity, 0)
}

/** Reads a stored basket; whatever is no line of one is left out, for anybody can write to this storage. */
export function parseCart(text: string | null): CartLine[] {
  let stored: unknown
  try {
    stored = JSON.parse(text ?? '[]')
  } catch {
    return []
  }
  if (!Array.isArray(stored)) return []
  const seen = new Set<string>()
  return stored.flatMap((line: unknown) => {
    const { id, quantity } = (line ?? {}) as Record<string, unknown>
    if (typeof id !== 'string' || !Number.isSafeInteger(quantity) || (quantity as number) < 1) return []
    if (seen.has(id)) return []
    seen.add(id)
    return [{ id, quantity: clamp(quantity as number) }]
  })
}

function clamp(quantity: number): number {
  return Math.max(1, Math.min(MAX_QUANTITY, Math.round(quantity)))
}
