/** The result drawn, by the code that draws the reports; it loads only now. */
import { colourOf } from '@vitrine/perf/colours'
import type { KernelRow } from '@vitrine/perf/kernels/rows'
import type { PlotStyle } from '@vitrine/perf/plot'
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { rows } from '../state.ts'

/** Height of the drawing in CSS pixels. */
const HEIGHT = 380
const DARK = '(prefers-color-scheme: dark)'

export function Chart(): VNode {
  const frame = useRef<HTMLElement>(null)
  const [source, setSource] = useState('')
  const timed = rows.value.filter(({ software }) => !software)

  useEffect(() => {
    let isCurrent = true
    const draw = async (): Promise<void> => {
      const { curvePlot } = await import('@vitrine/perf/plot')
      const { current } = frame
      if (!isCurrent || !current) return
      const ink = getComputedStyle(current).getPropertyValue('--muted').trim()
      const style: PlotStyle = {
        width: Math.max(280, current.clientWidth),
        height: HEIGHT,
        ink,
        legend: false,
      }
      // An image: its own styles are none of the page's policy.
      setSource(`data:image/svg+xml,${encodeURIComponent(curvePlot(plotOf(timed), style))}`)
    }
    void draw()
    const again = (): void => void draw()
    const dark = matchMedia(DARK)
    const resize = new ResizeObserver(again)
    resize.observe(frame.current!)
    dark.addEventListener('change', again)
    return () => {
      isCurrent = false
      resize.disconnect()
      dark.removeEventListener('change', again)
    }
  }, [rows.value])

  return (
    <figure class="chart" ref={frame}>
      <figcaption>
        Milliseconds for one query, by the number of items; lower is better. Both axes grow tenfold a step.
      </figcaption>
      {source && (
        <img
          data-testid="chart"
          src={source}
          height={HEIGHT}
          alt="Time of one query by the number of items, a line for each device. The tables below have the figures."
        />
      )}
      <ul class="legend" aria-hidden="true">
        {devicesOf(timed).map((name) => (
          <li key={name}>
            <Dot name={name} />
            {name}
          </li>
        ))}
      </ul>
    </figure>
  )
}

/** The device's colour. */
export function Dot({ name }: { name: string }): VNode {
  return (
    <svg class="dot" viewBox="0 0 10 10" aria-hidden="true">
      <circle cx="5" cy="5" r="5" fill={colourOf(name)} />
    </svg>
  )
}

function plotOf(timed: readonly KernelRow[]) {
  const series = devicesOf(timed).map((name) => {
    const points = timed.filter(({ device }) => device === name).map(({ n, ms }) => [n, ms] as const)
    return { name, points, line: points }
  })
  return { title: '', x: 'items', series }
}

function devicesOf(timed: readonly KernelRow[]): string[] {
  return [...new Set(timed.map(({ device }) => device))]
}
