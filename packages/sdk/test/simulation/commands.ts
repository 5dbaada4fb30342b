/** What can happen to a shop's page and its endpoint, as commands that a state machine draws at random. */
import fc, { type AsyncCommand } from 'fast-check'
import type { SimulatedTab } from './device.ts'
import { BUSY_SECONDS, type Mood } from './server.ts'
import type { World } from './world.ts'

/** The world stands for the model, too: whether a command means anything can be seen in it. */
export type Command = fc.Arbitrary<AsyncCommand<World, World>>

type Act = (world: World, pick: number) => void | Promise<void>

/** @param isPossible false where the command would change nothing; then it is no step */
function command(
  name: string,
  act: Act,
  isPossible: (world: World) => boolean = ({ running }) => running.length > 0,
): Command {
  return fc.nat({ max: 7 }).map((pick) => ({
    check: (world: World) => isPossible(world),
    async run(_: World, world: World) {
      world.steps++
      await act(world, pick)
      await inspect(world)
    },
    toString: () => `${name}(${pick})`,
  }))
}

const always = (): boolean => true

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

function toMood(name: string, mood: Mood): Command {
  return command(
    name,
    ({ server }) => void (server.mood = mood),
    ({ server }) => server.mood !== mood,
  )
}

const MINUTE = 60_000
const YEAR = 365 * 24 * 60 * MINUTE

/** Every command, by name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  openTab: command(
    'openTab',
    (world) => world.openTab(),
    ({ device }) => device.tabs.size < 4,
  ),
  closeTab: command('closeTab', (world, pick) => world.close(tabOf(world, pick))),
  killTab: command('killTab', (world, pick) => world.kill(tabOf(world, pick))),
  killBrowser: command('killBrowser', (world) => {
    for (const tab of world.device.tabs) world.kill(tab)
  }),
  freeze: command('freeze', (world, pick) => tabOf(world, pick).gate.freeze()),
  thaw: command(
    'thaw',
    (world) => world.thaw(),
    ({ running, device }) => running.length < device.tabs.size,
  ),
  stealLocks: command(
    'stealLocks',
    ({ device: { locks } }) => {
      for (const name of locks.names) locks.steal(name)
    },
    ({ device }) => device.locks.names.length > 0,
  ),
  offline: command(
    'offline',
    ({ device }) => void (device.network.isOnline = false),
    ({ device }) => device.network.isOnline,
  ),
  online: command(
    'online',
    (world) => {
      world.device.network.isOnline = true
      for (const tab of world.running) world.call(tab, 'wake', () => tab.api.wake('online'), NETWORK)
    },
    ({ device }) => !device.network.isOnline,
  ),
  hide: command('hide', (world, pick) => {
    const tab = tabOf(world, pick)
    world.call(tab, 'wake', () => tab.api.wake('hidden'), NETWORK)
  }),
  serverDown: toMood('serverDown', 'down'),
  serverRestart: toMood('serverRestart', 'well'),
  serverBusy: toMood('serverBusy', 'busy'),
  serverRefuses: toMood('serverRefuses', 'closed'),
  troubledNetwork: command('troubledNetwork', (world, pick) => void (world.trouble = pick / 7), always),
  poison: command('poison', (world, pick) => {
    const item = world.track(tabOf(world, pick))
    world.server.poison.add(item)
    world.truth.poisoned(item)
  }),
  diskFull: command(
    'diskFull',
    ({ device }) => void (device.disk.isFull = true),
    ({ device }) => !device.disk.isFull,
  ),
  diskFree: command(
    'diskFree',
    ({ device }) => void (device.disk.isFull = false),
    ({ device }) => device.disk.isFull,
  ),
  dropConnections: command('dropConnections', ({ device }) => device.disk.drop()),
  evict: command('evict', (world) => world.evict(), always),
  withdraw: command(
    'withdraw',
    (world) => world.setConsent('denied'),
    ({ consent }) => consent === 'granted',
  ),
  // Of a withdrawal and a new grant between two visits no page ever hears.
  grant: command(
    'grant',
    (world) => world.setConsent('granted'),
    ({ running, consent }) => running.length > 0 && consent === 'denied',
  ),
  forget: command('forget', (world, pick) => world.forget(tabOf(world, pick))),
  clockForward: command('clockForward', ({ device }, pick) => void (device.skew += (pick + 1) * YEAR)),
  clockBack: command('clockBack', ({ device }, pick) => void (device.skew -= (pick + 1) * YEAR)),
  moment: command('moment', ({ device }, pick) => device.advance((pick + 1) * 500), always),
  minutes: command('minutes', ({ device }, pick) => device.advance((pick + 1) * BUSY_SECONDS * 500), always),
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
    always,
  ),
  rollBack: command(
    'rollBack',
    ({ server }) => void (server.active = server.revisions[0]),
    ({ server }) => server.active !== server.revisions[0],
  ),
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

/** What shoppers do all the time; what takes events away is rare, or there would be none whose fate is certain. */
const OFTEN = new Set([
  'openTab',
  'track',
  'trackMany',
  'flush',
  'moment',
  'minutes',
  'serverRestart',
  'online',
  'diskFree',
  'grant',
])
const OFTEN_IN = 5

/** Every command, as often as it is to be drawn. */
export const DRAWN: readonly Command[] = Object.entries(COMMANDS).flatMap(([name, drawn]) =>
  Array.from({ length: OFTEN.has(name) ? OFTEN_IN : 1 }, () => drawn),
)
