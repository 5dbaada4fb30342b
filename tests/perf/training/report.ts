/** What `bench training` found, as a table. */
import type { Machine } from '../measure/machine.ts'
import { columns, significant } from '../report/markdown.ts'

/** One contestant. */
export interface TrainingRow {
  name: string
  /** Trainings at once. */
  threads: number
  /** Of all threads together: median, and best of the samples. */
  stepsPerSecond: number
  best: number
  /** Of the products of matrices. */
  gflops: number
}

/** All of them. */
export interface TrainingReport {
  measured: string
  machine: Machine
  items: number
  recipe: { dimension: number; batch: number; negatives: number }
  samples: number
  rows: readonly TrainingRow[]
}

export function trainingMarkdown({
  measured,
  machine,
  items,
  recipe,
  samples,
  rows,
}: TrainingReport): string {
  const [first] = rows
  const body = rows.map(({ name, stepsPerSecond, best, gflops }) => [
    name,
    significant(stepsPerSecond),
    significant(gflops),
    significant(stepsPerSecond / first!.stepsPerSecond),
    significant(best / first!.best),
  ])
  return `# Training

Steps a second of the session encoder's training in Node: ${items.toLocaleString('en')} items, ${recipe.dimension} dimensions, ${recipe.batch} cases and ${recipe.negatives} shared negatives a step. Ours is WASM SIMD; TensorFlow.js runs the same steps, written for it with its gradient by hand, on its WASM backend (XNNPACK) and on its JavaScript one. All see the same batches and dropout, and losses that differ by more than 0.01% fail the run. Medians of ${samples} samples, taken in turn; GFLOP/s counts the products of matrices alone.

${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load.join(' ')} at the start, ${measured.slice(0, 10)}. Compare the ratios: the times are this machine's. Written by \`npm run bench -- training\`.

${columns(['', 'steps/s', 'GFLOP/s', '× one thread of ours', 'by the best samples'], body)}
`
}
