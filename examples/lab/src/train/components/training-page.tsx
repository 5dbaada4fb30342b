/** The page from top to bottom. */
import type { VNode } from 'preact'
import { found, losses } from '../state.ts'
import { Curve } from './curve.tsx'
import { Form } from './form.tsx'
import { Next } from './next.tsx'
import { Summary } from './summary.tsx'

export function TrainingPage(): VNode {
  const { head, all } = losses.value
  return (
    <>
      <header class="top">
        <p class="brand">Vitrine</p>
        <p class="place">
          <a href="./">The lab</a> / Train
        </p>
      </header>
      <main>
        <section class="intro" aria-labelledby="title">
          <h1 id="title">Train in your browser</h1>
          <p>
            The part of a model that takes longest to train, how a visit’s items lead to the next one, learns
            right here, on your GPU if the browser has one. Your shop’s data stay on this machine.
          </p>
        </section>
        <div class="bench">
          <Form />
          {found.value ? <Summary found={found.value} /> : <Explanation />}
        </div>
        {head.length + all.length > 0 && (
          <section class="findings" aria-labelledby="curve">
            <h2 id="curve">How it came along</h2>
            <Curve head={head} all={all} />
          </section>
        )}
        <Next />
      </main>
      <footer>
        <p>
          The same seed gives the same cases, negatives and dropout as <code>vitrine train</code>, so the
          losses agree with those of Node up to rounding.
        </p>
      </footer>
    </>
  )
}

function Explanation(): VNode {
  return (
    <section class="card" aria-labelledby="explanation">
      <h2 id="explanation">What to give it</h2>
      <ul class="files">
        <li>
          <code>events.ndjson.gz</code>
          <span class="quiet">from the folder that vitrine import wrote</span>
        </li>
        <li>
          <code>sessions.txt</code>
          <span class="quiet">one visit a line, item ids separated by spaces, in order of time</span>
        </li>
      </ul>
      <p class="quiet">Either may be packed by gzip.</p>
    </section>
  )
}
