/**
 * Entry of the file that fills shelves of long history, of likeness and of trends, and computes what only some rankers
 * read: loaded when a page first asks for such a shelf, or with a model that has such a ranker.
 */
import { contextOf, fillShelf } from '@vitrine/recommender/shelves'
import { VERSION } from './version.ts'

export { VERSION, contextOf, fillShelf }
