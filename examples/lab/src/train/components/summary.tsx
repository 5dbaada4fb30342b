/** What the file holds, and how it is trained on. */
import type { VNode } from 'preact'
import type { Found } from '../protocol.ts'

export function Summary({ found: { items, sessions, events, recipe } }: { found: Found }): VNode {
  const rows: [string, number][] = [
    ['Visits', sessions],
    ['Events', events],
    ['Items', items],
    ['Numbers an item', recipe.dimension],
    ['Passes over the data', recipe.epochs],
    ['Cases a step', recipe.batch],
    ['Items to tell apart from, a step', recipe.negatives],
  ]
  return (
    <section class="card" aria-labelledby="summary">
      <h2 id="summary">What is learned from</h2>
      <table data-testid="summary">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
