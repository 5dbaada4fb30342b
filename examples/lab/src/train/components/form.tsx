/** Which file, on what, how large; the button that trains, and how far it is. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import {
  DIMENSIONS,
  abort,
  activity,
  backend,
  chooseEpochs,
  dimension,
  epochs,
  file,
  gpu,
  isRunning,
  start,
} from '../state.ts'

export function Form(): VNode {
  return (
    <section class="card controls" aria-labelledby="form">
      <h2 id="form">The training</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void start()
        }}
      >
        <fieldset disabled={isRunning.value}>
          <Drop />
          <Backends />
          <Dimensions />
          <label class="number">
            <span>Passes over the data</span>
            <input
              type="number"
              min="1"
              max="100"
              placeholder="as the data suggest"
              data-testid="epochs"
              value={epochs.value || ''}
              onChange={({ currentTarget }) => chooseEpochs(currentTarget.value)}
            />
          </label>
        </fieldset>
        {/* Two elements: one that turned into the other amid a click would submit the form once more. */}
        {isRunning.value ? (
          <button key="stop" type="button" class="stop" data-testid="stop" onClick={abort}>
            Stop
          </button>
        ) : (
          <button key="start" type="submit" data-testid="start" disabled={!file.value}>
            Train
          </button>
        )}
      </form>
      <Progress />
    </section>
  )
}

function Drop(): VNode {
  const [isOver, setOver] = useState(false)
  return (
    <label
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        file.value = event.dataTransfer?.files[0] ?? file.value
      }}
    >
      <span>{file.value ? file.value.name : 'Drop a file here, or choose one'}</span>
      <input
        type="file"
        data-testid="file"
        accept=".txt,.gz,.ndjson"
        onChange={({ currentTarget }) => (file.value = currentTarget.files?.[0])}
      />
    </label>
  )
}

function Backends(): VNode {
  const adapter = gpu.value
  const told =
    adapter === undefined ? 'Looking for a GPU …' : (adapter?.name ?? 'This browser has no WebGPU.')
  return (
    <fieldset>
      <legend>Runs on</legend>
      <div class="chips">
        <Chip name="backend" value="webgpu" isChosen={backend.value === 'webgpu'} isDisabled={!adapter}>
          GPU
        </Chip>
        <Chip name="backend" value="wasm" isChosen={backend.value === 'wasm'}>
          Processor
        </Chip>
      </div>
      <p class="quiet">
        {told}
        {adapter?.software && ' It computes on the processor: right, but slow.'}
      </p>
    </fieldset>
  )
}

function Dimensions(): VNode {
  return (
    <fieldset>
      <legend>Numbers an item</legend>
      <div class="chips">
        <Chip name="dimension" value="0" isChosen={dimension.value === 0}>
          as the data suggest
        </Chip>
        {DIMENSIONS.map((d) => (
          <Chip key={d} name="dimension" value={String(d)} isChosen={dimension.value === d}>
            {d}
          </Chip>
        ))}
      </div>
    </fieldset>
  )
}

function choose(name: string, value: string): void {
  if (name === 'dimension') dimension.value = Number(value)
  else backend.value = value === 'webgpu' ? 'webgpu' : 'wasm'
}

function Chip({
  name,
  value,
  isChosen,
  isDisabled = false,
  children,
}: {
  name: 'backend' | 'dimension'
  value: string
  isChosen: boolean
  isDisabled?: boolean
  children: VNode | string | number
}): VNode {
  return (
    <label class="chip">
      <input
        type="radio"
        name={name}
        value={value}
        checked={isChosen}
        disabled={isDisabled}
        onChange={() => choose(name, value)}
      />
      <span>{children}</span>
    </label>
  )
}

function Progress(): VNode {
  const now = activity.value
  return (
    <div class="progress">
      {now.kind === 'running' && <progress max="1" value={now.share} aria-label="How much is done" />}
      <p role="status" class="quiet" data-testid="status">
        {now.kind === 'running' && `${now.doing} …`}
        {now.kind === 'stopped' && 'Stopped.'}
        {now.kind === 'failed' && `It failed: ${now.message}`}
        {now.kind === 'done' && 'Done.'}
      </p>
      {/* Apart from the status: it changes every moment, and nobody wants that read out. */}
      {now.kind === 'running' && now.left && <p class="quiet">{now.left}</p>}
    </div>
  )
}
