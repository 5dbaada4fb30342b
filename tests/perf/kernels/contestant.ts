/** What every way of scoring the catalogue has in common. */
import type { Table } from '@vitrine/kernels'

/** One way of finding the best k, holding the table. */
export interface Contestant {
  /** As the report names it. */
  name: string
  /** One query; resolves with `[k]` row numbers, best first, once they are readable in JavaScript. */
  search: (query: Float32Array) => ArrayLike<number | bigint> | Promise<ArrayLike<number | bigint>>
  /** Lets go of the table. */
  dispose: () => void
}

/** What all of them are given. */
export interface Job {
  table: Table
  k: number
}

/** Somebody who may take part; who cannot, says why. */
export interface Entrant {
  /** As the report names it where it cannot take part. */
  name: string
  /** Computes on a GPU. */
  gpu?: boolean
  /** @throws what keeps it from taking part in this browser. */
  enter: (job: Job) => Promise<Contestant>
}
