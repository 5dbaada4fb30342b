/** Dense layers in Node. */
import { denseSuite } from './dense-suite.ts'

denseSuite()
