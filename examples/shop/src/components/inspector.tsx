/** For the curious: what the recommender on this device does, and why each item stands where it stands. */
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Diagnostics } from '@vitrine/sdk'
import { useCatalogue } from '../state/catalogue.ts'
import { answerConsent, consent } from '../state/consent.ts'
import {
  type ShownShelf,
  download,
  problem,
  recommender,
  report,
  shownShelves,
} from '../state/recommender.ts'
import { reasonText } from './reason-text.ts'

/** How often the open panel looks again, in ms. */
const REFRESH = 1000

/** A discreet button, and the panel it opens. */
export function Inspector(): VNode {
  const [isOpen, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  const close = (): void => {
    setOpen(false)
    opener.current?.focus()
  }
  return (
    <>
      <button
        type="button"
        class="inspector-open"
        data-testid="inspector-open"
        ref={opener}
        aria-expanded={isOpen}
        aria-controls="inspector"
        onClick={() => (isOpen ? close() : setOpen(true))}
      >
        <span aria-hidden="true">◔</span> Inspector
      </button>
      {isOpen && <Panel onClose={close} />}
    </>
  )
}

function Panel({ onClose }: { onClose: () => void }): VNode {
  const panel = useRef<HTMLElement>(null)
  const diagnostics = useDiagnostics()
  useEffect(() => panel.current?.focus(), [])
  const started = recommender.value
  return (
    <aside
      id="inspector"
      class="inspector"
      data-testid="inspector-panel"
      aria-label="Inspector"
      tabIndex={-1}
      ref={panel}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header>
        <h2>Inspector</h2>
        <button type="button" class="link" onClick={onClose}>
          Close
        </button>
      </header>
      {problem.value !== null && <p class="inspector-problem">{problem.value}</p>}
      {download.value !== null && (
        <p>
          Downloading the model <progress value={download.value} />
        </p>
      )}
      {diagnostics ? <Facts diagnostics={diagnostics} /> : <p class="muted">Starting…</p>}
      <div class="inspector-controls">
        <label>
          <input
            type="checkbox"
            checked={consent.value === 'granted'}
            data-testid="inspector-consent"
            onChange={(event) => answerConsent(event.currentTarget.checked ? 'granted' : 'denied')}
          />{' '}
          Remember me on this device
        </label>
        <button
          type="button"
          class="button quiet"
          disabled={!started}
          data-testid="inspector-forget"
          onClick={() => started?.forget().catch(report)}
        >
          Forget me
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={!started}
          onClick={() => started?.flush().catch(report)}
        >
          Send events now
        </button>
        <button
          type="button"
          class="button quiet"
          disabled={!started}
          onClick={() => started?.update().catch(report)}
        >
          Look for a newer model
        </button>
      </div>
      <h3>Why these?</h3>
      {shownShelves.value.size === 0 && <p class="muted">No shelf on this page yet.</p>}
      {[...shownShelves.value].map(([heading, shown]) => (
        <Why key={heading} heading={heading} {...shown} />
      ))}
    </aside>
  )
}

/** The recommender's own account of itself, again and again while the panel is open. */
function useDiagnostics(): Diagnostics | undefined {
  const [diagnostics, setDiagnostics] = useState<Diagnostics>()
  const started = recommender.value
  useEffect(() => {
    if (!started) return undefined
    const look = (): void => {
      started.diagnostics().then(setDiagnostics, report)
    }
    look()
    const timer = setInterval(look, REFRESH)
    return () => clearInterval(timer)
  }, [started])
  return diagnostics
}

function Facts({ diagnostics }: { diagnostics: Diagnostics }): VNode {
  const { model, bytes, latency, events, storage, worker, online } = diagnostics
  const rows: [string, string][] = [
    ['Computes on', model.device ?? 'nothing yet'],
    ['Revision', model.revision ?? 'none yet'],
    [
      'Model',
      `${kilobytes(bytes.model)}, ${model.items.toLocaleString('en-GB')} items, from ${model.origin ?? 'nowhere yet'}`,
    ],
    ['In the worker', duration(latency.worker)],
    ['Seen by the page', duration(latency.roundTrip)],
    ['Events', `${events.stored} stored, ${events.waiting} waiting, ${events.acknowledged} acknowledged`],
    [
      'Not stored',
      `${events.dropped.withoutConsent} without consent, ${events.dropped.overflow} overflow, ${events.dropped.invalid} invalid`,
    ],
    ['Sent, downloaded', `${kilobytes(bytes.uploaded)}, ${kilobytes(bytes.downloaded)}`],
    ['Events kept in', kindOf(storage.events)],
    ['Model kept in', kindOf(storage.model)],
    ['Runs in', worker.host],
    ['Network', online ? 'online' : 'offline'],
  ]
  return (
    <dl>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Why({ heading, placement, result }: ShownShelf & { heading: string }): VNode {
  const catalogue = useCatalogue()
  return (
    <details>
      <summary>
        {heading}{' '}
        <span class="muted">
          {result.source}
          {result.starter && ', by the starter'}
        </span>
      </summary>
      <ol>
        {result.items.map(({ item, score, reasons }) => (
          <li key={item}>
            {catalogue.product(item)?.title ?? item} <span class="muted">{score.toFixed(3)}</span>
            <ul>
              {reasons.map((reason, index) => (
                <li key={index}>
                  {reasonText({ item, reasons: [reason] }, placement, catalogue)}{' '}
                  <span class="muted">{Math.round(reason.weight * 100)}%</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </details>
  )
}

function kindOf(status: Diagnostics['storage']['events']): string {
  return status.kind === 'memory' ? `memory (${status.why})` : status.kind
}

function duration({ count, last, p50, p99 }: Diagnostics['latency']['worker']): string {
  if (count === 0) return 'not asked yet'
  return `${milliseconds(last)} last, ${milliseconds(p50)} p50, ${milliseconds(p99)} p99 (${count})`
}

function milliseconds(ms: number | null): string {
  return ms === null ? '–' : `${ms.toFixed(1)} ms`
}

function kilobytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`
}
