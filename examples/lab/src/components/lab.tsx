/** The page from top to bottom. */
import type { VNode } from 'preact'
import { rows } from '../state.ts'
import { Chart } from './chart.tsx'
import { Controls } from './controls.tsx'
import { Devices } from './devices.tsx'
import { Keep } from './keep.tsx'
import { Results } from './results.tsx'

export function Lab(): VNode {
  return (
    <>
      <header class="top">
        <p class="brand">Vitrine</p>
        <p class="place">
          The lab / <a href="train.html">Train</a>
        </p>
      </header>
      <main>
        <section class="intro" aria-labelledby="title">
          <h1 id="title">How fast does your browser score a catalogue?</h1>
          <p>
            For every shelf, Vitrine scores each item of a shop against one query and keeps the best 24. This
            page runs the benchmark of its kernels right here, on your device. Nothing is sent anywhere.
          </p>
        </section>
        <div class="bench">
          <Devices />
          <Controls />
        </div>
        {rows.value.length > 0 && (
          <section class="findings" aria-labelledby="findings" data-testid="findings">
            <h2 id="findings">What your browser did</h2>
            <Chart />
            <Results />
            <Keep />
          </section>
        )}
      </main>
      <footer>
        <p>
          Medians of at least fifteen samples, everything in turn, as <code>npm run bench -- kernels</code>{' '}
          measures it. <em>Limit</em> reads the table’s bytes once and does nothing with them: no kernel on
          one thread can be faster.
        </p>
      </footer>
    </>
  )
}
