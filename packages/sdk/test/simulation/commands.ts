/** What can happen to a shop's page and its endpoint, as commands that a state machine draws at random. */
import fc, { type AsyncCommand } from 'fast-check'
import type { SimulatedTab } from './device.ts'
import { BUSY_SECONDS } from './server.ts'
import type { World } from './world.ts'

/** The model knows what decides which commands make sense. */
export interface Model {
  tabs: number
}

type Act = (world: World, pick: number) => void | Promise<void>

/** @param needs tabs that must be there for the command to mean anything */
function command(name: string, act: Act, needs = 1): fc.Arbitrary<AsyncCommand<Model, World>> {
  return fc.nat({ max: 7 }).map((pick) => ({
    check: () => true,
    async run(_model: Model, world: World) {
      if (world.running.length < needs) return
      await act(world, pick)
      await inspect(world)
    },
    toString: () => `${name}(${pick})`,
  }))
}

function tabOf({ running }: World, pick: number): SimulatedTab {
  return running[pick % running.length]!
}

/** What holds after every command. */
async function inspect(world: World): Promise<void> {
  await world.device.settle()
  for (const { consent, events } of await world.diagnostics()) {
    const { stored, waiting, acknowledged, dropped, page } = events
    if (stored !== waiting + acknowledged + dropped.overflow + dropped.refused) {
      throw new Error(`stored ${stored} is not the sum of its parts: ${JSON.stringify(events)}`)
    }
    if (page.offered !== page.stored + dropped.invalid + dropped.withoutConsent + dropped.failed) {
      throw new Error(`offered ${page.offered} is not the sum of its parts: ${JSON.stringify(events)}`)
    }
    if (consent !== world.consent) throw new Error(`a page believes that consent is ${consent}`)
  }
  if (world.surprises.length > 0) throw new Error(world.surprises.join('; '))
  // A decision takes effect where a page runs; where none does, at the next start.
  if (world.consent === 'denied' && world.running.length > 0) {
    const traces = await world.traces()
    if (traces.length > 0) throw new Error(`without consent there is on disk: ${traces.join(', ')}`)
  }
}

const NETWORK = ['NETWORK_FAILED', 'ENDPOINT_REFUSED', 'INVALID_RESPONSE', 'DISPOSED']
const MODEL = [...NETWORK, 'MODEL_NOT_FOUND', 'INVALID_MANIFEST', 'ARTIFACT_NOT_FOUND', 'ARTIFACT_CORRUPT']

const MINUTE = 60_000
const YEAR = 365 * 24 * 60 * MINUTE

/** Every command, by name. */
export const COMMANDS: Readonly<Record<string, fc.Arbitrary<AsyncCommand<Model, World>>>> = {
  openTab: command('openTab', (world) => (world.device.tabs.size < 4 ? world.openTab() : undefined), 0),
  closeTab: command('closeTab', (world, pick) => world.close(tabOf(world, pick))),
  killTab: command('killTab', (world, pick) => world.kill(tabOf(world, pick))),
  killBrowser: command('killBrowser', (world) => {
    for (const tab of world.device.tabs) world.kill(tab)
  }),
  freeze: command('freeze', (world, pick) => tabOf(world, pick).gate.freeze()),
  thaw: command('thaw', (world) => world.thaw(), 0),
  stealLocks: command('stealLocks', ({ device: { locks } }) => {
    for (const name of locks.names) locks.steal(name)
  }),
  offline: command('offline', ({ device }) => void (device.network.isOnline = false), 0),
  online: command(
    'online',
    (world) => {
      world.device.network.isOnline = true
      for (const tab of world.running) world.call(tab, 'wake', () => tab.api.wake('online'), NETWORK)
    },
    0,
  ),
  hide: command('hide', (world, pick) => {
    const tab = tabOf(world, pick)
    world.call(tab, 'wake', () => tab.api.wake('hidden'), NETWORK)
  }),
  serverDown: command('serverDown', ({ server }) => void (server.mood = 'down'), 0),
  serverRestart: command('serverRestart', ({ server }) => void (server.mood = 'well'), 0),
  serverBusy: command('serverBusy', ({ server }) => void (server.mood = 'busy'), 0),
  serverRefuses: command('serverRefuses', ({ server }) => void (server.mood = 'closed'), 0),
  troubledNetwork: command('troubledNetwork', (world, pick) => void (world.trouble = pick / 7), 0),
  poison: command('poison', (world, pick) => {
    const item = world.track(tabOf(world, pick))
    world.server.poison.add(item)
    world.truth.poisoned(item)
  }),
  diskFull: command('diskFull', ({ device }) => void (device.disk.isFull = true), 0),
  diskFree: command('diskFree', ({ device }) => void (device.disk.isFull = false), 0),
  dropConnections: command('dropConnections', ({ device }) => device.disk.drop(), 0),
  evict: command('evict', (world) => world.evict(), 0),
  withdraw: command('withdraw', (world) => world.setConsent('denied'), 0),
  // Of a withdrawal and a new grant between two visits no page ever hears.
  grant: command('grant', (world) => world.setConsent('granted')),
  forget: command('forget', (world, pick) => world.forget(tabOf(world, pick))),
  clockForward: command('clockForward', ({ device }, pick) => void (device.skew += (pick + 1) * YEAR), 0),
  clockBack: command('clockBack', ({ device }, pick) => void (device.skew -= (pick + 1) * YEAR), 0),
  moment: command('moment', ({ device }, pick) => device.advance(pick * 500), 0),
  minutes: command('minutes', ({ device }, pick) => device.advance(pick * BUSY_SECONDS * 500), 0),
  track: command('track', (world, pick) => void world.track(tabOf(world, pick))),
  trackMany: command('trackMany', (world, pick) => {
    for (let event = 0; event < 5 * (pick + 1); event++) world.track(tabOf(world, pick + event))
  }),
  trackAndGo: command('trackAndGo', (world, pick) => {
    const tab = tabOf(world, pick)
    world.track(tab)
    world.kill(tab)
  }),
  trackInvalid: command('trackInvalid', (world, pick) => {
    const tab = tabOf(world, pick)
    world.call(tab, 'track', () => tab.api.track({ type: 'view' }), ['INVALID_EVENT'])
  }),
  flush: command('flush', (world, pick) => {
    const tab = tabOf(world, pick)
    world.call(tab, 'flush', () => tab.api.flush(), NETWORK)
  }),
  flushEverywhere: command('flushEverywhere', (world) => {
    for (const tab of world.running) world.call(tab, 'flush', () => tab.api.flush(), NETWORK)
  }),
  publish: command(
    'publish',
    ({ server }, pick) => {
      server.active = server.revisions[pick % server.revisions.length]
    },
    0,
  ),
  rollBack: command('rollBack', ({ server }) => void (server.active = server.revisions[0]), 0),
  update: command('update', (world, pick) => {
    const tab = tabOf(world, pick)
    world.call(tab, 'update', () => tab.api.update(), MODEL)
  }),
  recommend: command('recommend', async (world, pick) => {
    const { items } = await tabOf(world, pick).api.recommend({
      placement: 'home',
      k: 3,
      fallback: ['page-1'],
    })
    if (items.length === 0) throw new Error('an empty list')
  }),
}
