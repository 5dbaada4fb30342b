/** A table for each size: times, ratios, and a bar on a logarithmic scale. */
import { colourOf } from '@vitrine/perf/colours'
import type { KernelRow } from '@vitrine/perf/kernels/rows'
import type { VNode } from 'preact'
import { absent, rows, theirs } from '../state.ts'
import { Dot } from './chart.tsx'

const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3, useGrouping: false })

export function Results(): VNode {
  const sizes = [...new Set(rows.value.map(({ n }) => n))]
  return (
    <>
      {sizes.map((n) => (
        <SizeTable key={n} n={n} here={rows.value.filter((row) => row.n === n)} />
      ))}
      {absent.value.length > 0 && (
        <details class="quiet">
          <summary>Who could not take part</summary>
          <ul>
            {absent.value.map(({ device, reason }) => (
              <li key={device}>
                {device}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function SizeTable({ n, here }: { n: number; here: readonly KernelRow[] }): VNode {
  const other = theirs.value
  const timed = here.filter(({ software }) => !software).toSorted((a, b) => a.ms - b.ms)
  const software = here.filter((row) => row.software)
  const [least, most] = [timed[0]!.ms / 1.5, timed.at(-1)!.ms]
  const share = (ms: number): number => Math.log(ms / least) / Math.log(most / least)
  return (
    <div class="size" data-testid={`size-${n}`}>
      <h3>{n.toLocaleString('en')} items</h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col" class="bar-head">
                <span class="unseen">Time, drawn</span>
              </th>
              <th scope="col">ms</th>
              <th scope="col">
                <abbr title="times the read limit">× limit</abbr>
              </th>
              {other && <th scope="col">{other.browser}, ms</th>}
            </tr>
          </thead>
          <tbody>
            {timed.map(({ device, ms, ratio_to_limit: ratio }) => (
              <tr key={device} data-device={device}>
                <th scope="row">
                  <Dot name={device} />
                  {device}
                </th>
                <td class="bar">
                  <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={100 * share(ms)} height="10" rx="0" fill={colourOf(device)} />
                  </svg>
                </td>
                <td>{digits.format(ms)}</td>
                <td>{ratio === null ? '' : digits.format(ratio)}</td>
                {other && (
                  <td>{format(other.rows.find((row) => row.n === n && row.device === device)?.ms)}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {software.map(({ device, adapter, overlap }) => (
        <p key={device} class="quiet" data-testid="software">
          {device} ran on {adapter}, which is software: it found {Math.round(100 * (overlap ?? 0))}% of the
          exact best 24, and its time would say nothing about a GPU.
        </p>
      ))}
    </div>
  )
}

function format(ms: number | undefined): string {
  return ms === undefined ? '' : digits.format(ms)
}
