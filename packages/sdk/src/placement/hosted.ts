/** The part of a movable table that every worker has: a kernel in whose place something else may search. */
import type { Table, TopK } from '@vitrine/kernels'

/** What a model asks of its table. */
export type Keeper = Pick<TopK, 'device' | 'search' | 'dispose'>

/** Passes everything on to its keeper: the kernel that it was made with, until the placement takes over. */
export interface HostedTopK extends Keeper {
  readonly home: TopK
  readonly table: Table
  keeper: Keeper
}

/** Hosts a kernel that was made from `table`. */
export function hostTopK(home: TopK, table: Table): HostedTopK {
  const hosted: HostedTopK = {
    home,
    table,
    keeper: home,
    get device() {
      return hosted.keeper.device
    },
    search: (query) => hosted.keeper.search(query),
    dispose: () => hosted.keeper.dispose(),
  }
  return hosted
}
