import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ShopEvent } from './clean-row.ts'
import { sortByTime } from './sort-by-time.ts'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vitrine-sort-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function sorted(events: ShopEvent[], runEvents: number): Promise<ShopEvent[]> {
  async function* batches(): AsyncGenerator<ShopEvent[]> {
    for (let i = 0; i < events.length; i += 3) yield events.slice(i, i + 3)
  }
  const result: ShopEvent[] = []
  for await (const event of sortByTime(batches(), { directory, runEvents })) result.push(event)
  return result
}

describe('sortByTime', () => {
  it('sorts stably, whatever the length of a run', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        async (times, run) => {
          const events = times.map((at, i): ShopEvent => ({ at, session: 's', type: 'view', item: `i${i}` }))
          expect(await sorted(events, run)).toEqual(events.toSorted((a, b) => a.at - b.at))
        },
      ),
      { numRuns: 40 },
    )
  })

  it('writes runs only when there is more than one', async () => {
    const event: ShopEvent = { at: 1, session: 's', type: 'view', item: 'a' }
    await rm(directory, { recursive: true })
    directory = await mkdtemp(join(tmpdir(), 'vitrine-sort-'))
    await sorted([event, event], 100)
    expect(await readdir(directory)).toEqual([])
    await sorted(
      Array.from({ length: 7 }, () => event),
      2,
    )
    expect(await readdir(directory)).not.toEqual([])
  })
})
