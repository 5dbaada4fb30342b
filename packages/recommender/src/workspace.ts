/** Scratch memory of one recommendation, reused so that ranking allocates nothing. */
import { kthLargest } from './choose.ts'
import { FEATURE_COUNT } from './feature-names.ts'

/** Columns that candidates keep when others go. */
const KEPT = ['graph', 'last', 'previous', 'hops', 'dense', 'denseRank', 'graphRank', 'stays'] as const

/**
 * Candidates of one call and what is known of them. Calls that overlap borrow different workspaces.
 * `items`, `graph`, `last`, `previous`, `hops`, `dense`, their ranks, `stays` and `scores` are parallel, `[count]`.
 */
export class Workspace {
  count = 0
  items!: Uint32Array
  /** Graph score, one hop. */
  graph!: Float32Array
  /** Graph score of the last item's own edges. */
  last!: Float32Array
  /** The same of the item before it. */
  previous!: Float32Array
  /** Graph score, two hops. */
  hops!: Float32Array
  /** Logit of the query embedding. */
  dense!: Float32Array
  /** Place among the candidates by logit and by graph score, from 1. */
  denseRank!: Float32Array
  graphRank!: Float32Array
  /** 1 for what stays however unlikely it is, 0 for the rest. */
  stays!: Float32Array
  scores!: Float32Array
  /** `[count, FEATURE_COUNT]` row-major. */
  features!: Float32Array
  /** Query embedding `[d]`, and as it is searched for. */
  readonly query: Float32Array
  readonly vector: Float32Array
  /** `[N]`, 0 = may be listed. */
  readonly mask: Uint8Array
  /** Rows of features that are no candidate's, grown by whoever asks for their scores. */
  variants: Float32Array = new Float32Array()
  /** What all candidates share, in its columns. */
  readonly visit: Float32Array = new Float32Array(FEATURE_COUNT)
  /** Scratch for choosing the best. */
  order!: Uint32Array
  keys!: Float32Array
  /** Place of an item among the candidates + 1 + `#base`, valid where above `#base`: never cleared. */
  #places: Uint32Array
  #base = 0

  constructor(items: number, dimension: number) {
    this.#places = new Uint32Array(items)
    this.query = new Float32Array(dimension)
    this.vector = new Float32Array(dimension)
    this.mask = new Uint8Array(items)
    this.#reserve(512)
  }

  /** Forgets all candidates. */
  clear(): void {
    this.#base += this.count
    this.count = 0
    if (this.#base > 2 ** 31) {
      this.#places.fill(0)
      this.#base = 0
    }
  }

  /** Returns the place of `item` among the candidates, −1 where it is none. */
  find(item: number): number {
    const place = this.#places[item]! - this.#base - 1
    return place >= 0 ? place : -1
  }

  /** Returns the place of `item`, which becomes a candidate with nothing known of it if it was none. */
  add(item: number): number {
    const known = this.find(item)
    if (known >= 0) return known
    const place = this.count++
    if (place === this.items.length) this.#reserve(2 * place)
    this.#places[item] = this.#base + place + 1
    this.items[place] = item
    this.graph[place] = 0
    this.last[place] = 0
    this.previous[place] = 0
    this.hops[place] = 0
    this.stays[place] = 0
    return place
  }

  /** Keeps the `limit` candidates with the largest `keys` `[count]`; ties go to the earlier ones. */
  keepBest(limit: number): void {
    const count = this.count
    if (count <= limit) return
    // Scores are not there yet: their memory serves for choosing.
    const chosen = this.scores.subarray(0, count)
    chosen.set(this.keys.subarray(0, count))
    const threshold = kthLargest(chosen, limit)
    let ties = limit
    for (let i = 0; i < limit; i++) if (chosen[i]! > threshold) ties--
    const columns = KEPT.map((name) => this[name])
    let kept = 0
    for (let i = 0; i < count; i++) {
      const key = this.keys[i]!
      const stays = key > threshold || (key === threshold && ties-- > 0)
      if (!stays) {
        this.#places[this.items[i]!] = 0
        continue
      }
      this.items[kept] = this.items[i]!
      for (const column of columns) column[kept] = column[i]!
      this.#places[this.items[kept]!] = this.#base + kept + 1
      kept++
    }
    this.count = kept
  }

  #reserve(size: number): void {
    const grow = (old: Float32Array | undefined, width = 1): Float32Array => {
      const larger = new Float32Array(size * width)
      if (old) larger.set(old) // There is none in the constructor.
      return larger
    }
    const items = new Uint32Array(size)
    if (this.count) items.set(this.items)
    this.items = items
    for (const name of [...KEPT, 'scores', 'keys'] as const) this[name] = grow(this[name])
    this.features = grow(this.features, FEATURE_COUNT)
    this.order = new Uint32Array(size)
  }
}
