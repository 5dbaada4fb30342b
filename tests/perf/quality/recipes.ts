/** Every way of making a model smaller that is measured. */

/** A smaller version, and what makes it. */
export interface Recipe {
  name: string
  command: readonly string[]
  /** Whether it learns again, from the sessions of its training. */
  learns?: boolean
}

/** Recipes for a model of `dimension`. */
export function recipesFor(dimension: number): Recipe[] {
  /** Divisible by 16, as kernels need it. */
  const part = (of: number): string => String(Math.max(16, 16 * Math.round(dimension / of / 16)))
  const half = part(2)
  const quarter = part(4)
  const cut = (kept: string): string => `${kept} of ${dimension} dimensions`
  return [
    // Those that take longest come first: what runs beside them fills the time.
    {
      name: `distilled: ${cut(half)}, 24 edges, int4`,
      command: ['distill', '--dimension', half, '--edges', '24', '--bits', '4'],
      learns: true,
    },
    { name: `${cut(half)}, learned again`, command: ['prune', '--dimension', half], learns: true },
    { name: `${cut(quarter)}, learned again`, command: ['prune', '--dimension', quarter], learns: true },
    { name: cut(half), command: ['prune', '--dimension', half] },
    { name: 'int4 embeddings', command: ['quantize', '--bits', '4'] },
    { name: '24 edges', command: ['prune', '--edges', '24'] },
    { name: '12 edges', command: ['prune', '--edges', '12'] },
  ]
}
