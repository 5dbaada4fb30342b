/** What `bench scale` found, as tables and a plot. */
import type { Machine } from '../measure/machine.ts'
import { columns, significant } from '../report/markdown.ts'
import { curvePlot } from '../report/plot.ts'
import { type ShopLaw, slopeOf } from './law.ts'

/** One command on one log. */
export interface ScaleRow {
  events: number
  items: number
  sessions: number
  step: string
  seconds: number
  /** Most memory that the process held. */
  megabytes: number
}

/** All of them. */
export interface ScaleReport {
  measured: string
  machine: Machine
  law: ShopLaw
  budget: string
  rows: readonly ScaleRow[]
}

type Point = readonly [number, number]

export function scaleMarkdown({ measured, machine, law, budget, rows }: ScaleReport): string {
  const steps = stepsOf(rows)
  return `# Scale

Memory and time of the commands from log to model, on logs of a made-up shop. It behaves by a law fitted on the committed model ${law.model}: popularity falls as rank to the power ${significant(law.popularity)}, what follows an item as ${significant(law.transition)}, ${significant(100 * law.followed)}% of the events follow the item before, a session has ${significant(law.length)} events, and the catalogue has ${significant(law.itemsARoot)} items for each root of an event. Each command runs in a process of its own; memory is the most that it held, threads included. Training has \`--budget ${budget}\`; with \`--pairs\`, embeddings and ranker learn from a sample of about 5,000 sessions.

${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Memory does not depend on what else runs; times do. Written by \`npm run bench -- scale\`.

![Memory by number of events](scale.svg)

${columns(
  ['command', 'events', 'items', 'sessions', 'peak MB', 'seconds'],
  rows.map(({ step, events, items, sessions, megabytes, seconds }) => [
    step,
    ...[events, items, sessions].map((value) => value.toLocaleString('en')),
    Math.round(megabytes).toLocaleString('en'),
    significant(seconds),
  ]),
)}

Both grow as the number of events to the power of, fitted:

${columns(
  ['command', 'memory', 'time'],
  steps.map((step) => [
    step,
    exponent(pointsOf(rows, step, 'megabytes')),
    exponent(pointsOf(rows, step, 'seconds')),
  ]),
)}
`
}

function exponent(points: readonly Point[]): string {
  return points.length > 1 ? significant(slopeOf(points)) : ''
}

export function scalePlot({ rows }: ScaleReport): string {
  const series = stepsOf(rows).map((step) => {
    const points = pointsOf(rows, step, 'megabytes')
    return { name: step, points, line: points }
  })
  return curvePlot({ title: 'Most memory held, MB', x: 'events', series })
}

function stepsOf(rows: readonly ScaleRow[]): string[] {
  return [...new Set(rows.map(({ step }) => step))]
}

function pointsOf(rows: readonly ScaleRow[], wanted: string, figure: 'megabytes' | 'seconds'): Point[] {
  return rows.filter(({ step }) => step === wanted).map((row) => [row.events, row[figure]])
}
