import { describe, expect, it } from 'vitest'
import { chooseSessionRecipe } from './session-recipe.ts'
import { assertSizeBudget, dimensionFor, embeddingBitsFor, mostEdgesOf } from './size-budget.ts'
import { NO_SESSIONS } from '../data/session-log.ts'
import type { TrainInput } from './types.ts'

function shopOf(items: number, further: Partial<TrainInput> = {}): TrainInput {
  return {
    modelId: 'shop',
    catalogue: Array.from({ length: items }, (_, i) => ({ id: `${i}`, title: `${i}` })),
    sessions: NO_SESSIONS.sessions,
    seed: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...further,
  }
}

describe('a size budget', () => {
  it('takes dimensions and edges away from a large catalogue', () => {
    expect(chooseSessionRecipe(17_000, 370_000).dimension).toBe(128)
    expect(chooseSessionRecipe(17_000, 370_000, Infinity, { sizeBudget: 1_000_000 }).dimension).toBe(64)
    expect(mostEdgesOf(shopOf(17_000))).toBe(48)
    expect(mostEdgesOf(shopOf(17_000, { sizeBudget: 2_000_000 }))).toBe(25)
    expect(mostEdgesOf(shopOf(17_000, { sizeBudget: 500_000 }))).toBe(16)
  })

  it('leaves a small catalogue as it is', () => {
    expect(chooseSessionRecipe(3000, 370_000, Infinity, { sizeBudget: 2_000_000 }).dimension).toBe(128)
    expect(mostEdgesOf(shopOf(3000, { sizeBudget: 2_000_000 }))).toBe(48)
  })

  it('takes half the bits of a number before any dimension', () => {
    expect(embeddingBitsFor(17_000)).toBe(8)
    expect(embeddingBitsFor(43_000)).toBe(4)
    expect(dimensionFor(43_000, 700_000)).toBe(96)
    expect(dimensionFor(43_000, 700_000, { bits: 8 })).toBe(48)
    // Few cases teach few dimensions, whatever there is room for.
    expect(dimensionFor(43_000, 5000)).toBe(48)
  })

  it('is refused before the training where no model is as small', () => {
    expect(() => assertSizeBudget(shopOf(17_000, { sizeBudget: 300_000 }))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS', message: expect.stringContaining('--size-budget') }),
    )
    expect(() => assertSizeBudget(shopOf(17_000, { sizeBudget: 2_000_000 }))).not.toThrow()
    expect(() => assertSizeBudget(shopOf(17_000))).not.toThrow()
  })
})
