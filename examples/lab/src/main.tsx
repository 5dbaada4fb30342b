/** Puts the lab into the page. */
import { render } from 'preact'
import { Lab } from './components/lab.tsx'
import { lookAround } from './state.ts'

render(<Lab />, document.querySelector('#lab')!)
void lookAround()
