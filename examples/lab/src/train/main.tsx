/** Puts the training page into the page. */
import { render } from 'preact'
import { TrainingPage } from './components/training-page.tsx'
import { lookForGpu } from './state.ts'

render(<TrainingPage />, document.querySelector('#training')!)
void lookForGpu()
