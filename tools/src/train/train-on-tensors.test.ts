import { memory, ready, setBackend } from '@tensorflow/tfjs-core'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createRandom } from './random.ts'
import { type SessionRecipe, chooseSessionRecipe } from './session-recipe.ts'
import type { Sessions } from './sessions.ts'
import { trainOnTensors } from './train-on-tensors.ts'
import { trainSessionEncoder } from './train-session-encoder.ts'

const ITEMS = 41

/** Sessions of 2 to 15 items that walk within one of four groups; item 40 occurs in none. */
function groupedSessions(count: number): Sessions {
  const random = createRandom(11)
  const offsets = [0]
  const items: number[] = []
  for (let s = 0; s < count; s++) {
    const group = Math.floor(4 * random())
    const length = 2 + Math.floor(14 * random())
    for (let i = 0; i < length; i++) items.push(10 * group + Math.floor(10 * random()))
    offsets.push(items.length)
  }
  return { offsets: Uint32Array.from(offsets), items: Uint32Array.from(items) }
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

describe('trainOnTensors, on the WASM backend', () => {
  const sessions = groupedSessions(200)
  const recipe: SessionRecipe = {
    ...chooseSessionRecipe(ITEMS, 1500),
    dimension: 16,
    epochs: 4,
    batch: 64,
    negatives: 32,
  }

  beforeAll(async () => {
    setWasmPaths(`${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`)
    await setBackend('wasm')
    await ready()
  })

  it('has the losses and the parameters of the WASM numerics, up to rounding', async () => {
    const ours = await trainSessionEncoder(sessions, ITEMS, recipe, { seed: 3 })
    const theirs = await trainOnTensors(sessions, ITEMS, recipe, { seed: 3 })
    for (const [epoch, loss] of ours.losses.entries()) {
      expect(Math.abs(theirs.losses[epoch]! / loss - 1)).toBeLessThan(1e-5)
    }
    expect(theirs.losses.at(-1)).toBeLessThan(theirs.losses[0]! - 0.2)
    expect(largestDifference(theirs.embeddings.values, ours.embeddings.values)).toBeLessThan(1e-4)
    expect(largestDifference(theirs.encoder.weights, ours.encoder.weights)).toBeLessThan(1e-4)
    expect(largestDifference(theirs.encoder.positions, ours.encoder.positions)).toBeLessThan(1e-4)
  })

  it('stops soon after its signal aborts, and leaves no tensor', async () => {
    const before = memory().numTensors
    const controller = new AbortController()
    const running = trainOnTensors(sessions, ITEMS, recipe, {
      seed: 3,
      signal: controller.signal,
      onProgress: (share) => {
        expect(share).toBeLessThan(0.5)
        controller.abort(new Error('enough'))
      },
    })
    await expect(running).rejects.toThrow('enough')
    expect(memory().numTensors).toBe(before)
  })
})
