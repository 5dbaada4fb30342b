/** The learning curve, drawn and as a table. */
import type { VNode } from 'preact'
import type { Losses } from '../protocol.ts'

const WIDTH = 640
const HEIGHT = 240
const EDGE = { left: 44, right: 12, top: 12, bottom: 28 }
const NAMES = { head: 'all but the newest tenth', all: 'everything' } as const

export function Curve(losses: Losses): VNode {
  const values = [...losses.head, ...losses.all]
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const longest = Math.max(2, losses.head.length, losses.all.length)
  const x = (epoch: number): number =>
    EDGE.left + ((epoch - 1) / (longest - 1)) * (WIDTH - EDGE.left - EDGE.right)
  const y = (loss: number): number =>
    EDGE.top + ((most - loss) / Math.max(1e-9, most - least)) * (HEIGHT - EDGE.top - EDGE.bottom)
  return (
    <figure class="chart">
      <figcaption>Mean loss of a case after each pass over the data; lower is better.</figcaption>
      <svg
        class="curve"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label="Loss by pass; the table below has the figures."
      >
        <line class="axis" x1={EDGE.left} x2={WIDTH - EDGE.right} y1={y(least)} y2={y(least)} />
        {[least, most].map((loss) => (
          <text key={loss} x={EDGE.left - 8} y={y(loss) + 4} text-anchor="end">
            {loss.toFixed(2)}
          </text>
        ))}
        <text x={EDGE.left} y={HEIGHT - 6}>
          pass 1
        </text>
        <text x={WIDTH - EDGE.right} y={HEIGHT - 6} text-anchor="end">
          {longest}
        </text>
        {(['head', 'all'] as const).map((part) => (
          <g key={part} class={part}>
            <polyline points={losses[part].map((loss, i) => `${x(i + 1)},${y(loss)}`).join(' ')} />
            {losses[part].map((loss, i) => (
              <circle key={i} cx={x(i + 1)} cy={y(loss)} r="3" />
            ))}
          </g>
        ))}
      </svg>
      <div class="scroll">
        <table data-testid="losses">
          <thead>
            <tr>
              <th scope="col">Pass</th>
              <th scope="col">{NAMES.head}</th>
              <th scope="col">{NAMES.all}</th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: Math.max(losses.head.length, losses.all.length) }, (_, epoch) => (
              <tr key={epoch}>
                <th scope="row">{epoch + 1}</th>
                <Cell loss={losses.head[epoch]} />
                <Cell loss={losses.all[epoch]} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}

function Cell({ loss }: { loss: number | undefined }): VNode {
  return <td>{loss === undefined ? '' : loss.toFixed(6)}</td>
}
