/** The part of a movable table that every worker has: a kernel in whose place something else may search. */
import type { Query, TopK, TopKResult } from '@vitrine/kernels'

/** What a model asks of its table, one search or several at a time. */
export type Keeper = Pick<TopK, 'device' | 'search' | 'searchMany' | 'dispose'>

/** Passes everything on to its keeper: the kernel that it was made with, until the placement takes over. */
export interface HostedTopK extends Pick<TopK, 'device' | 'search' | 'rows' | 'dispose'> {
  readonly home: TopK
  keeper: Keeper
}

/**
 * Bytes of a table from which on a page's shelves are searched together: smaller ones lie in the cache, where one pass
 * for all takes as long as one for each.
 */
const SHARED_BYTES = 2 ** 22

/** Searches that go over the table in one pass, once its turn has come. */
interface Pass {
  queries: Query[]
  results: Promise<TopKResult[]>
}

/** Hosts a kernel. Searches that come at once go over a large table in one pass. */
export function hostTopK(home: TopK): HostedTopK {
  let next: Pass | undefined
  const openPass = (): Pass => {
    const queries: Query[] = []
    const results = afterMessages().then(() => {
      next = undefined
      return hosted.keeper.searchMany(queries)
    })
    return { queries, results }
  }
  const hosted: HostedTopK = {
    home,
    rows: home.rows,
    keeper: home,
    get device() {
      return hosted.keeper.device
    },
    search(query) {
      if (home.bytes < SHARED_BYTES) return hosted.keeper.search(query)
      const { queries, results } = (next ??= openPass())
      const at = queries.push(query) - 1
      return results.then(
        (all) => all[at]!,
        // One bad query fails the call: alone, each gets what is its own.
        () => hosted.keeper.search(query),
      )
    },
    dispose: () => hosted.keeper.dispose(),
  }
  return hosted
}

/** Resolves in a task of its own, which comes after most messages that wait: a page's calls come one a message. */
function afterMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(0)
  })
}
