/** The whole worker against a simple account of what must become of every event, under everything that can happen. */
import fc from 'fast-check'
import { report, seed, trials } from '@vitrine/trials'
import { beforeAll, expect, test } from 'vitest'
import { type BuiltRevision, buildRevision } from './revision.ts'
import { COMMANDS, DRAWN } from './simulation/commands.ts'
import { installBrowserGlobals } from './simulation/node.ts'
import type { Comparison } from './simulation/truth.ts'
import { World } from './simulation/world.ts'

let revisions: BuiltRevision[]

beforeAll(async () => {
  installBrowserGlobals()
  revisions = [await buildRevision(1), await buildRevision(5), await buildRevision(9)]
})

test('whatever happens in whatever order, the endpoint ends with exactly the events that it should have', async ({
  task,
}) => {
  const counted = { steps: 0, kept: 0, gone: 0, lost: 0, doubled: 0, unwanted: 0 }
  let hasFailed = false
  const runs = trials({ test: 100, soak: 300 })
  expect(Object.keys(COMMANDS).length).toBeGreaterThanOrEqual(20)
  const property = fc.asyncProperty(
    fc.commands([...DRAWN], { maxCommands: 60, size: 'max' }),
    fc.nat(),
    async (commands, worldSeed) => {
      const world = new World(worldSeed, revisions)
      let { kept, gone, ...wrong }: Comparison = { kept: 0, gone: 0, lost: [], doubled: [], unwanted: [] }
      try {
        await world.openTab()
        await fc.asyncModelRun(() => ({ model: world, real: world }), commands)
        await world.heal()
        ;({ kept, gone, ...wrong } = world.truth.compare(world.server))
        expect(world.hanging).toEqual([])
        expect(wrong).toEqual({ lost: [], doubled: [], unwanted: [] })
        for (const { events } of await world.diagnostics()) expect(events.waiting).toBe(0)
      } catch (error) {
        hasFailed = true
        throw error
      } finally {
        // What follows the first failure is its shrinking: the same loss again and again.
        if (!hasFailed || counted.lost + counted.doubled + counted.unwanted === 0) {
          counted.steps += world.steps
          counted.kept += kept
          counted.gone += gone
          counted.lost += wrong.lost.length
          counted.doubled += wrong.doubled.length
          counted.unwanted += wrong.unwanted.length
        }
      }
    },
  )
  const outcome = await fc.check(property, { numRuns: runs, seed: seed() })
  const { steps, kept, gone, lost, doubled, unwanted } = counted
  report(task, { promise: 3, unit: 'steps of the state machine', trials: steps, events: kept, lost, doubled })
  report(task, { promise: 10, unit: 'events that had to be gone', trials: gone, accepted: unwanted })
  if (outcome.failed) {
    const { errorInstance } = outcome
    throw new Error(`${await fc.asyncDefaultReportMessage(outcome)}\n${String(errorInstance)}`)
  }
  // Or nothing would have been put to the test.
  expect(steps).toBeGreaterThan(10 * runs)
  expect(kept).toBeGreaterThan(7 * runs)
}, 3_600_000)
