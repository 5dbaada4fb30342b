/** What every way of scoring the catalogue has in common. */
import type { Table } from '@vitrine/kernels'

/** One way of finding the best k, holding the table. */
export interface Contestant {
  /** As the report names it. */
  name: string
  /** One query; resolves with `[k]` row numbers, best first, once they are readable in JavaScript. */
  search(query: Float32Array): ArrayLike<number | bigint> | Promise<ArrayLike<number | bigint>>
}

/** What all of them are given. */
export interface Job {
  table: Table
  k: number
}
