/**
 * Entry of the file that fills shelves of long history, of likeness and of trends, and compares what a catalogue says
 * of its items: loaded when a page first asks for such a shelf, or with a model whose ranker reads the catalogue.
 */
import { attributesOf, fillShelf } from '@vitrine/recommender/shelves'
import { VERSION } from './version.ts'

export { VERSION, attributesOf, fillShelf }
