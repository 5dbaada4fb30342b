/** Says in a few words why an item is on a shelf. */
import type { Reason } from '@vitrine/sdk'
import type { Catalogue } from '../catalogue.ts'

/** The strongest of `reasons` in words; empty when the shop's own list is shown. */
export function reasonText(reasons: readonly Reason[], catalogue: Catalogue): string {
  const [reason] = reasons
  switch (reason?.kind) {
    case 'history': {
      const title = catalogue.product(reason.item)?.title
      return title === undefined ? 'Because of what you viewed' : `Because you viewed ${title}`
    }
    case 'anchor':
      return 'Goes with this'
    case 'taste':
      return 'Suits your taste'
    case 'popular':
      return 'Popular'
    case undefined:
      return ''
  }
}
