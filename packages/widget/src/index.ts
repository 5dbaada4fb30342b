/** `<vitrine-shelf>` as an import. Importing registers nothing and touches no browser object. */
export { type DefineOptions, defineShelf } from './define.ts'
export { type RecommenderSource, type ShelfRecommender, VitrineShelf } from './shelf.ts'
export type { ShelfItem } from './card.ts'
export type { ErrorDetail, ReadyDetail, SelectDetail, ShelfEvents } from './events.ts'
export type { ShelfState } from './frame.ts'
export type { Dropped } from './items.ts'
export type { RenderItem } from './view.ts'
export type { Words } from './words.ts'
