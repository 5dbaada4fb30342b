/**
 * `bench training`: steps a second of one recipe, by our WASM numerics and by TensorFlow.js in Node. All see the same
 * cases, negatives and dropout, and their losses have to agree.
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-cpu'
import { ready, setBackend } from '@tensorflow/tfjs-core'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { type SessionRecipe, type Sessions, recipeFor, trainOnTensors } from '@vitrine/tools/training'
import { trainSessionEncoder } from '@vitrine/tools/training-node'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { thisMachine } from '../measure/machine.ts'
import { type TrainingReport, type TrainingRow, trainingMarkdown } from './report.ts'
import { zipfSessions } from './sessions.ts'

const ITEMS = 10_000
const BATCH = 512
const SEED = 1
/** Losses of one epoch may differ by so much of themselves: rounding. */
const TOLERANCE = 1e-4

/** Trains one epoch and returns its mean loss. */
type Train = (sessions: Sessions, recipe: SessionRecipe, signal: AbortSignal) => Promise<number>

interface Contestant {
  name: string
  /** Trainings that run at once. */
  threads: number
  /** Steps of a sample: as many as it does in a second or two. */
  steps: number
  train: Train
}

const ours: Train = async (sessions, recipe, signal) => {
  const { losses } = await trainSessionEncoder(sessions, ITEMS, recipe, { seed: SEED, signal })
  return losses[0]!
}

function onTensors(backend: 'wasm' | 'cpu'): Train {
  return async (sessions, recipe, signal) => {
    if (!(await setBackend(backend))) throw new Error(`TensorFlow.js does not start on ${backend}.`)
    await ready()
    const { losses } = await trainOnTensors(sessions, ITEMS, recipe, { seed: SEED, signal })
    return losses[0]!
  }
}

const CONTESTANTS: readonly Contestant[] = [
  { name: 'vitrine wasm, one thread', threads: 1, steps: 20, train: ours },
  // As `vitrine train` does it: the training on the head and the one on all sessions beside each other.
  { name: 'vitrine wasm, two threads', threads: 2, steps: 20, train: ours },
  { name: 'tfjs wasm', threads: 1, steps: 20, train: onTensors('wasm') },
  { name: 'tfjs cpu', threads: 1, steps: 2, train: onTensors('cpu') },
]

/** Samples of all contestants in turn, so that whatever else runs on the machine falls on all of them. */
export async function run({ quick, signal, say }: BenchmarkOptions): Promise<Outcome> {
  setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`)
  const machine = thisMachine()
  const suggested = recipeFor({
    ids: Array.from({ length: ITEMS }, String),
    sessions: zipfSessions(ITEMS, 60_000),
  })
  const recipe = { ...suggested, dimension: 64, batch: BATCH, negatives: 1024, epochs: 1 }
  const seconds = new Map(CONTESTANTS.map(({ name }) => [name, [] as number[]]))
  const losses = new Map<string, number>()
  const samples = quick ? 2 : 15
  // The first round warms up.
  for (let sample = -1; sample < samples; sample++) {
    for (const { name, threads, steps, train } of CONTESTANTS) {
      signal.throwIfAborted()
      say(`${name}: ${sample < 0 ? 'warming up' : `sample ${sample + 1} of ${samples}`}`)
      const sessions = zipfSessions(ITEMS, steps * BATCH)
      const started = performance.now()
      const found = await Promise.all(Array.from({ length: threads }, () => train(sessions, recipe, signal)))
      const elapsed = (performance.now() - started) / 1000
      losses.set(name, found[0]!)
      if (sample >= 0) seconds.get(name)!.push(elapsed / (steps * threads))
    }
  }
  const sameSteps = CONTESTANTS.filter(({ steps }) => steps === CONTESTANTS[0]!.steps)
  const expected = losses.get(CONTESTANTS[0]!.name)!
  for (const { name } of sameSteps) {
    const found = losses.get(name)!
    if (Math.abs(found / expected - 1) <= TOLERANCE) continue
    throw new Error(`${name} has a loss of ${found}, ours is ${expected}: they do not train the same.`)
  }
  const { dimension, batch, negatives } = recipe
  // Products of matrices alone, forwards and backwards.
  const flop = 6 * batch * dimension * (negatives + 2 * dimension)
  const rows = CONTESTANTS.map(({ name, threads }): TrainingRow => {
    const sorted = seconds.get(name)!.toSorted((a, b) => a - b)
    const median = sorted[sorted.length >> 1]!
    return { name, threads, stepsPerSecond: 1 / median, gflops: flop / median / 1e9, best: 1 / sorted[0]! }
  })
  const report: TrainingReport = {
    measured: new Date().toISOString(),
    machine,
    items: ITEMS,
    recipe: { dimension, batch, negatives },
    samples,
    rows,
  }
  return { report, lines: rows, markdown: trainingMarkdown(report) }
}
