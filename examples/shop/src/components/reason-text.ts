/** Says in a few words why an item is on a shelf. */
import type { RecommendedItem } from '@vitrine/sdk'
import type { Catalogue } from '../catalogue.ts'

/** The strongest reason of an item in words; empty where there is nothing to say. */
export function reasonText(
  { item, reasons }: Pick<RecommendedItem, 'item' | 'reasons'>,
  placement: string,
  catalogue: Catalogue,
): string {
  const [reason] = reasons
  switch (reason?.kind) {
    case 'history': {
      if (placement === 'recently-viewed') return ''
      if (reason.item === item) return 'You chose this before'
      const title = catalogue.product(reason.item)?.title
      return title === undefined ? 'Because of what you viewed' : `Because you viewed ${title}`
    }
    case 'anchor':
      return placement === 'similar' ? 'Like this one' : 'Goes with this'
    case 'taste':
      return 'Suits your taste'
    case 'popular':
      return 'Popular'
    default:
      return ''
  }
}
