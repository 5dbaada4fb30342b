/** What some rankers read beside graph, embeddings and popularity: what the catalogue says, and whose visit it is. */
import { attributesOf } from './attributes.ts'
import type { Catalogue } from './catalogue.ts'
import { COLUMNS, CONTEXT_CAUSES } from './context-names.ts'
import type { FeatureGroup } from './feature-names.ts'
import type { Context } from './features.ts'
import type { Shopper } from './history.ts'
import { type Past, addPast, describeShopper, pastOf } from './shopper.ts'

/** Returns what computes them for the items of `catalogue`. */
export function contextOf(catalogue: Catalogue): Context {
  const attributes = attributesOf(catalogue)
  // Of the list that is being made: both functions ask for it.
  let latest: { shopper: Shopper; past: Past } | undefined
  const readPast = (shopper: Shopper): Past => {
    if (latest?.shopper !== shopper) latest = { shopper, past: pastOf(catalogue, shopper) }
    return latest.past
  }
  return {
    columns: COLUMNS,
    group: (groups) => [
      ...groups.map(([group, columns]): FeatureGroup =>
        group === 'taste' ? [group, [...columns, ...CONTEXT_CAUSES.taste]] : [group, columns],
      ),
      ['own', CONTEXT_CAUSES.own],
    ],
    addPast(most, shopper, mask, work) {
      if (shopper && most > 0) addPast(readPast(shopper), most, mask, work)
    },
    describe(sequence, work, shopper) {
      attributes?.describe(sequence, work)
      describeShopper(shopper && readPast(shopper), work)
    },
  }
}
