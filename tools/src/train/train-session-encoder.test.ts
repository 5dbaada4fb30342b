import { describe, expect, it } from 'vitest'
import { encodeHistory } from '@vitrine/recommender'
import type { Checkpoints } from './checkpoints.ts'
import { Numerics } from './numerics.ts'
import { createRandom, normal } from './random.ts'
import { type SessionRecipe, chooseSessionRecipe } from './session-recipe.ts'
import { trainSessionEncoder } from './train-session-encoder.ts'
import type { Sessions } from './sessions.ts'

const ITEMS = 20
const DIMENSION = 16
const POSITIONS = 4
const BATCH = 8
const NEGATIVES = 8
const TEMPERATURE = 6
/** Two sessions; each case is a place in `EVENTS` and that of its session's first event. */
const EVENTS = [3, 5, 3, 7, 1, 0, 2, 9, 9, 4, 6, 11]
const TARGETS = [1, 2, 3, 4, 6, 9, 10, 11]
const FIRSTS = [0, 0, 0, 0, 5, 5, 5, 5]
/** One is a target of the batch, one is drawn twice. */
const DRAWN = [5, 12, 13, 14, 14, 15, 0, 1]

interface Parameters {
  embeddings: Float64Array
  /** `[2d, d]`. */
  weights: Float64Array
  positions: Float64Array
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

/** The mean loss of the batch, written down from the definition. */
function lossOf({ embeddings, weights, positions }: Parameters, corrections: Float64Array): number {
  const row = (item: number): Float64Array => embeddings.subarray(item * DIMENSION, (item + 1) * DIMENSION)
  let loss = 0
  for (const [c, target] of TARGETS.entries()) {
    const history = EVENTS.slice(FIRSTS[c], target).toReversed().slice(0, POSITIONS)
    const raw = history.map((_, p) => Math.exp(positions[p]!))
    const total = raw.reduce((sum, value) => sum + value)
    const input = new Float64Array(2 * DIMENSION)
    input.set(row(history[0]!))
    for (const [p, item] of history.entries()) {
      for (let i = 0; i < DIMENSION; i++) input[DIMENSION + i]! += (raw[p]! / total) * row(item)[i]!
    }
    const query = new Float64Array(DIMENSION)
    for (let i = 0; i < 2 * DIMENSION; i++) {
      for (let j = 0; j < DIMENSION; j++) query[j]! += input[i]! * weights[i * DIMENSION + j]!
    }
    const length = Math.hypot(...query)
    const own = (TEMPERATURE * dot(query, row(EVENTS[target]!))) / length
    let sum = Math.exp(own)
    for (const item of DRAWN) {
      if (item === EVENTS[target]) continue
      sum += Math.exp((TEMPERATURE * dot(query, row(item))) / length - corrections[item]!)
    }
    loss += (Math.log(sum) - own) / TARGETS.length
  }
  return loss
}

describe('the gradient of the session encoder', () => {
  it('is that of the loss, by finite differences', async () => {
    const random = createRandom(5)
    const draw = (length: number, deviation: number): Float64Array =>
      Float64Array.from({ length }, () => Math.fround(deviation * normal(random)))
    // Not unit rows: the gradient is that of the loss in all of space, before it is made tangent to the sphere.
    const parameters: Parameters = {
      embeddings: draw(ITEMS * DIMENSION, 0.3),
      weights: draw(2 * DIMENSION * DIMENSION, 0.3),
      positions: draw(POSITIONS, 0.5),
    }
    const corrections = draw(ITEMS, 0.5)
    const numerics = await Numerics.create()
    const sizes = [ITEMS, DIMENSION, POSITIONS, TARGETS.length, EVENTS.length, 1, BATCH, NEGATIVES]
    numerics.reserve(numerics.call('placeSessionTables', ...sizes))
    numerics.floats('embeddings', ITEMS * DIMENSION).set(parameters.embeddings)
    numerics.floats('weights', 2 * DIMENSION * DIMENSION).set(parameters.weights)
    numerics.floats('positions', POSITIONS).set(parameters.positions)
    numerics.floats('corrections', ITEMS).set(corrections)
    numerics.integers('events', EVENTS.length).set(EVENTS)
    numerics.integers('targetPlaces', TARGETS.length).set(TARGETS)
    numerics.integers('firstPlaces', TARGETS.length).set(FIRSTS)
    numerics.integers('order', BATCH).set([...TARGETS.keys()])
    numerics.integers('draws', NEGATIVES).set(DRAWN)
    numerics.call('startSessionTraining', TEMPERATURE, 0)

    const loss = numerics.call('computeGradient', 0) / BATCH
    expect(loss).toBeCloseTo(lossOf(parameters, corrections), 4)
    const gradients: Record<keyof Parameters, Float32Array> = {
      embeddings: new Float32Array(ITEMS * DIMENSION),
      weights: numerics.floats('weightSlopes', 2 * DIMENSION * DIMENSION),
      positions: numerics.floats('positionSlopes', POSITIONS),
    }
    for (let item = 0; item < ITEMS; item++) {
      const at = numerics.call('gradientOfItem', item)
      gradients.embeddings.set(numerics.floats(at, DIMENSION), item * DIMENSION)
    }
    for (const name of ['embeddings', 'weights', 'positions'] as const) {
      const table = parameters[name]
      let largest = 0
      for (let i = 0; i < table.length; i++) {
        const value = table[i]!
        table[i] = value + 1e-5
        const above = lossOf(parameters, corrections)
        table[i] = value - 1e-5
        const below = lossOf(parameters, corrections)
        table[i] = value
        largest = Math.max(largest, Math.abs((above - below) / 2e-5 - gradients[name][i]!))
      }
      expect(Math.max(...gradients[name].map(Math.abs))).toBeGreaterThan(0.01)
      expect(largest).toBeLessThan(2e-5)
    }
  })
})

/** Sessions that walk within one of four groups of items. */
function groupedSessions(count: number): Sessions {
  const random = createRandom(11)
  const offsets = [0]
  const items: number[] = []
  for (let s = 0; s < count; s++) {
    const group = Math.floor(4 * random())
    for (let i = 0; i < 4; i++) items.push(10 * group + Math.floor(10 * random()))
    offsets.push(items.length)
  }
  return { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) }
}

describe('trainSessionEncoder', () => {
  const sessions = groupedSessions(600)
  const recipe: SessionRecipe = {
    ...chooseSessionRecipe(41, 1800),
    dimension: 16,
    epochs: 6,
    batch: 64,
    negatives: 64,
  }

  it('finds the groups that sessions keep to, with falling loss; an item without events stays zero', async () => {
    const { embeddings, encoder, losses } = await trainSessionEncoder(sessions, 41, recipe, { seed: 1 })
    expect(losses).toHaveLength(6)
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.3)
    const query = new Float32Array(16)
    let right = 0
    for (let item = 0; item < 40; item++) {
      encodeHistory(encoder, embeddings, [item], new Float32Array(32), query)
      const scores = Array.from({ length: 40 }, (_, other) =>
        query.reduce((sum, value, i) => sum + value * embeddings.values[other * 16 + i]!, 0),
      )
      const best = [...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]!).slice(0, 10)
      right += best.filter((other) => Math.floor(other / 10) === Math.floor(item / 10)).length
    }
    // By chance it would be a quarter.
    expect(right / 400).toBeGreaterThan(0.7)
    expect(embeddings.values.subarray(40 * 16).every((value) => value === 0)).toBe(true)
  })

  it('learns the same bits again from the same seed, others from another', async () => {
    const [first, second, other] = await Promise.all(
      [7, 7, 8].map((seed) => trainSessionEncoder(sessions, 41, recipe, { seed })),
    )
    expect(second).toEqual(first)
    expect(other!.embeddings.values).not.toEqual(first!.embeddings.values)
  })

  it('goes on from a checkpoint to the same bits as in one go', async () => {
    const kept = new Map<string, Uint8Array>()
    const controller = new AbortController()
    const store: Checkpoints = {
      read: async (name) => kept.get(name),
      write: async (name, bytes) => {
        kept.set(name, bytes)
        if (new Float64Array(bytes.slice(0, 8).buffer)[0] === 3) controller.abort()
      },
    }
    const checkpoint = { store, name: 'encoder' }
    const stopped = trainSessionEncoder(sessions, 41, recipe, {
      seed: 7,
      signal: controller.signal,
      checkpoint,
    })
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' })
    const resumed = await trainSessionEncoder(sessions, 41, recipe, {
      seed: 7,
      checkpoint: { store: { ...store, write: async () => {} }, name: 'encoder' },
    })
    expect(resumed).toEqual(await trainSessionEncoder(sessions, 41, recipe, { seed: 7 }))
  })

  it.each([0, 150])('stops %s ms after the start when its signal aborts', async (wait) => {
    const controller = new AbortController()
    const long = { ...recipe, epochs: 100_000 }
    const running = trainSessionEncoder(sessions, 41, long, { seed: 1, signal: controller.signal })
    setTimeout(() => controller.abort(), wait)
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('chooseSessionRecipe', () => {
  it('keeps the table within its bytes and the effort within the budget', () => {
    expect(chooseSessionRecipe(17_000, 300_000).dimension).toBe(128)
    expect(chooseSessionRecipe(100_000, 300_000).dimension).toBe(48)
    const free = chooseSessionRecipe(17_000, 300_000)
    const hurried = chooseSessionRecipe(17_000, 300_000, 60_000)
    expect(hurried.negatives * hurried.epochs).toBeLessThan(free.negatives * free.epochs)
  })

  it('gives up a few negatives before a whole pass over the data', () => {
    const free = chooseSessionRecipe(17_000, 370_000)
    const tight = chooseSessionRecipe(17_000, 370_000, 14 * 60_000)
    expect(tight.negatives).toBeLessThan(free.negatives)
    expect(tight.negatives).toBeGreaterThan(0.7 * free.negatives)
    expect(tight.epochs).toBe(free.epochs)
  })
})
