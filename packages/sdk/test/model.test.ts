/** The whole worker against a simple account of what must become of every event, under everything that can happen. */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { type BuiltRevision, buildRevision } from './revision.ts'
import { COMMANDS, type Model } from './simulation/commands.ts'
import { report } from './simulation/figures.ts'
import { installBrowserGlobals, seed, trials } from './simulation/node.ts'
import { World } from './simulation/world.ts'

let revisions: BuiltRevision[]

beforeAll(async () => {
  installBrowserGlobals()
  revisions = [await buildRevision(1), await buildRevision(5), await buildRevision(9)]
})

test('whatever happens in whatever order, the endpoint ends with exactly the events that it should have', async ({
  task,
}) => {
  let steps = 0
  let events = 0
  const runs = trials({ test: 60, soak: 1500 })
  expect(Object.keys(COMMANDS).length).toBeGreaterThanOrEqual(20)
  await fc.assert(
    fc.asyncProperty(
      fc.commands(Object.values(COMMANDS), { maxCommands: 60, size: 'max' }),
      fc.nat(),
      async (commands, worldSeed) => {
        const world = new World(worldSeed, revisions)
        await world.openTab()
        await fc.asyncModelRun(() => ({ model: {} as Model, real: world }), commands)
        await world.heal()
        expect(world.hanging).toEqual([])
        const { kept, ...wrong } = world.truth.compare(world.server)
        expect(wrong).toEqual({ lost: [], doubled: [], unwanted: [] })
        for (const { events: counted } of await world.diagnostics()) expect(counted.waiting).toBe(0)
        steps += [...commands].length
        events += kept
      },
    ),
    { numRuns: runs, seed: seed(), endOnFailure: false },
  )
  report(task, { promise: 3, trials: steps, events, lost: 0, doubled: 0 })
}, 3_600_000)
