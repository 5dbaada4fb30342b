import { describe, expect, it } from 'vitest'
import { descend } from './coordinate-descent.ts'

const grid = { a: [0, 1, 2, 3], b: [0, 1, 2, 3] }

/** A hill where the search starts and a higher one, with nothing between them. */
function qualityOf({ a, b }: { a: number; b: number }): number {
  return a === 3 && b === 3 ? 2 : a === 0 && b === 0 ? 1 : 0
}

function search(fewestTrials?: number): ReturnType<typeof descend<{ a: number; b: number }>> {
  return descend({ a: 0, b: 0 }, grid, qualityOf, fewestTrials === undefined ? {} : { fewestTrials })
}

describe('descend', () => {
  it('ends on the hill where it began', async () => {
    expect(await search()).toEqual({ settings: { a: 0, b: 0 }, quality: 1, trials: 7 })
  })

  it('tries all that a small grid has where more trials are wanted than that', async () => {
    expect(await search(100)).toEqual({ settings: { a: 3, b: 3 }, quality: 2, trials: 16 })
  })

  it('begins again elsewhere until it tried as many as wanted, the same ones each time', async () => {
    const found = await search(15)
    expect(found.trials).toBeGreaterThanOrEqual(15)
    expect(await search(15)).toEqual(found)
  })
})
