/** Dense layers in a real browser. */
import { denseSuite } from './dense-suite.ts'

denseSuite()
