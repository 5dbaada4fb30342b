/** Entry of the file that fills shelves of long history and of trends, loaded when a page first asks for one. */
import { fillShelf } from '@vitrine/recommender/shelves'
import { VERSION } from './version.ts'

export { VERSION, fillShelf }
