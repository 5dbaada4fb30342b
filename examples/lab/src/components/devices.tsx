/** What this browser has to score with. */
import type { VNode } from 'preact'
import { browser, devices } from '../state.ts'

export function Devices(): VNode {
  return (
    <section class="card devices" aria-labelledby="devices">
      <h2 id="devices">{browser}</h2>
      <ul aria-busy={devices.value.length === 0}>
        {devices.value.length === 0 && <li class="quiet">Looking around …</li>}
        {devices.value.map(({ name, detail, reason }) => (
          <li key={name} class={reason === undefined ? 'there' : 'absent'} data-testid="device">
            <span class="name">{name}</span>
            <span class="quiet">{reason === undefined ? (detail ?? 'ready') : `no: ${reason}`}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
