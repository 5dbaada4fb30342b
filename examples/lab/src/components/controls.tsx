/** What to measure, the button that does, and how far it is. */
import type { VNode } from 'preact'
import { SIZES, abort, activity, isRunning, sizes, start, toggleSize, withPeers } from '../state.ts'

const LARGEST = SIZES.at(-1)!

export function Controls(): VNode {
  return (
    <section class="card controls" aria-labelledby="controls">
      <h2 id="controls">The catalogue</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        <fieldset disabled={isRunning.value}>
          <legend>Items to score, 64 dimensions each</legend>
          <div class="chips">
            {SIZES.map((n) => (
              <label key={n} class="chip">
                <input
                  type="checkbox"
                  data-size={n}
                  checked={sizes.value.has(n)}
                  onChange={() => toggleSize(n)}
                />
                <span>{n.toLocaleString('en')}</span>
              </label>
            ))}
          </div>
          {sizes.value.has(LARGEST) && (
            <p class="quiet">A million items take about a gigabyte of memory while they are measured.</p>
          )}
          <label class="switch">
            <input
              type="checkbox"
              data-testid="peers"
              checked={withPeers.value}
              onChange={({ currentTarget }) => (withPeers.value = currentTarget.checked)}
            />
            <span>
              Beside onnxruntime-web and TensorFlow.js
              <small class="quiet">about 4 MB more to load</small>
            </span>
          </label>
        </fieldset>
        {/* Two elements: one that turned into the other amid a click would submit the form once more. */}
        {isRunning.value ? (
          <button key="stop" type="button" class="stop" data-testid="stop" onClick={abort}>
            Stop
          </button>
        ) : (
          <button key="start" type="submit" data-testid="start">
            Measure
          </button>
        )}
      </form>
      <Progress />
    </section>
  )
}

function Progress(): VNode {
  const now = activity.value
  return (
    <div class="progress">
      {now.kind === 'running' && <progress max="1" value={now.share} aria-label="How much is done" />}
      <p role="status" class="quiet" data-testid="status">
        {now.kind === 'running' && `${now.doing} …`}
        {now.kind === 'stopped' && 'Stopped. What was measured before stays below.'}
        {now.kind === 'failed' && `It failed: ${now.message}`}
        {now.kind === 'done' && 'Done.'}
      </p>
    </div>
  )
}
