/** A shopper's device, the endpoint and the truth about both: what the commands of the model act on. */
import { seeded } from '@vitrine/trials'
import type { BuiltRevision } from '../revision.ts'
import type { Consent } from '../../src/behavior/consent.ts'
import type { WorkerDiagnostics } from '../../src/diagnostics.ts'
import { SimulatedClock } from './clock.ts'
import { ENDPOINT, SimulatedDevice, type SimulatedTab } from './device.ts'
import type { Fate } from './network.ts'
import { SimulatedServer } from './server.ts'
import { Truth } from './truth.ts'

const EVENTS_DATABASE = `vitrine-behavior:${ENDPOINT}`
/** Longest that anything waits by itself: an hour after a refusal, and the backoff after it. */
const LONG_MS = 3 * 60 * 60_000

/** A call of a page that was not waited for. */
interface Pending {
  what: string
  tab: SimulatedTab
}

/** See above. */
export class World {
  readonly clock: SimulatedClock = new SimulatedClock()
  readonly server: SimulatedServer = new SimulatedServer()
  readonly device: SimulatedDevice
  readonly truth: Truth = new Truth()
  /** What the shop's banner says; pages hear of changes. */
  consent: Consent = 'granted'
  /** Share of requests that something happens to. */
  trouble = 0
  /** Commands that were carried out. */
  steps = 0
  /** Rejections that no promise of the SDK allows. */
  readonly surprises: string[] = []
  readonly #pending = new Set<Pending>()

  constructor(seed: number, revisions: readonly BuiltRevision[]) {
    const random = seeded(seed)
    const fates: readonly Fate[] = ['lost', 'answer lost', 'half an answer', 'late', 'repeated']
    const fate = (): Fate =>
      random() < this.trouble ? fates[Math.floor(random() * fates.length)]! : 'answered'
    this.server.revisions.push(...revisions)
    this.server.active = revisions[0]
    this.device = new SimulatedDevice({ clock: this.clock, server: this.server, seed, fate })
  }

  /** Tabs that run, in the order in which they were opened. */
  get running(): SimulatedTab[] {
    return [...this.device.tabs].filter(({ gate }) => gate.isOpen)
  }

  async openTab(): Promise<void> {
    const { tab, opened } = this.device.openTab(this.consent)
    this.call(tab, 'open', () => opened)
    await this.device.settle()
  }

  /** Ends a page, properly or not; its calls end with it. */
  kill(tab: SimulatedTab): void {
    tab.kill()
    this.truth.killed(tab)
    for (const call of this.#pending) if (call.tab === tab) this.#pending.delete(call)
  }

  async close(tab: SimulatedTab): Promise<void> {
    this.call(tab, 'dispose', () => tab.api.dispose())
    await this.device.settle()
    this.truth.closed(tab)
    this.kill(tab)
  }

  /** Calls a page's recommender; a message to a frozen page arrives when it thaws. */
  call(tab: SimulatedTab, what: string, send: () => Promise<unknown>, allowed: readonly string[] = []): void {
    const pending: Pending = { what, tab }
    this.#pending.add(pending)
    tab.gate.run(() => {
      send()
        .catch((error: unknown) => {
          const { code } = error as { code?: string }
          if (tab.gate.isDead || allowed.includes(code ?? '')) return
          this.surprises.push(`${what}: ${code ?? ''} ${String(error)}`)
        })
        .finally(() => this.#pending.delete(pending))
        // The chain ends here; what it could reject with is collected above.
        .catch(() => undefined)
    })
  }

  /** Tracks an event; what becomes of it is noted when `track()` resolves. */
  track(tab: SimulatedTab): string {
    const isGranted = this.consent === 'granted'
    const item = this.truth.offer(tab, isGranted ? 'offered' : 'gone')
    this.call(tab, 'track', async () => {
      await tab.api.track({ type: 'view', item })
      const { storage } = await tab.api.diagnostics()
      this.truth.resolved(item, storage.events.kind === 'indexeddb' ? 'kept' : 'volatile')
    })
    return item
  }

  thaw(): void {
    for (const { gate } of this.device.tabs) gate.thaw()
  }

  async setConsent(consent: Consent): Promise<void> {
    // A page that sleeps through a decision and the next one is told of both too late: the model wakes it first.
    this.thaw()
    await this.device.settle()
    this.consent = consent
    const [by, ...others] = this.device.tabs
    const isNoted = !this.device.disk.isFull
    if (consent === 'denied') this.truth.erase({ isNoted, ...(others.length === 0 && by && { by }) })
    for (const tab of this.device.tabs) this.call(tab, 'setConsent', () => tab.api.setConsent(consent))
    await this.device.settle()
  }

  async forget(tab: SimulatedTab): Promise<void> {
    const sleeping = [...this.device.tabs].filter(({ gate }) => !gate.isOpen)
    this.truth.erase({ isNoted: !this.device.disk.isFull, by: tab, sleeping })
    this.call(tab, 'forget', () => tab.api.forget())
    await this.device.settle()
  }

  async evict(): Promise<void> {
    const rows = await this.device.disk.rows(EVENTS_DATABASE)
    // With the note goes whom to erase; before any page has heard of the decision, so does the device's name.
    const forgetsErasure = rows.has('erased') || (this.consent === 'denied' && rows.has('meta'))
    this.truth.evicted(this.server, { forgetsErasure })
    await this.device.disk.evict()
  }

  /** Everything gets well, and time passes until nothing is left to do. */
  async heal(): Promise<void> {
    this.trouble = 0
    this.server.mood = 'well'
    this.device.network.isOnline = true
    this.device.disk.isFull = false
    this.thaw()
    await this.device.settle()
    // A page whose disk failed goes on in memory; what it had on disk is sent by the next page.
    await this.openTab()
    await this.device.advance(LONG_MS)
    for (const tab of this.device.tabs) this.call(tab, 'flush', () => tab.api.flush())
    for (let patience = 0; patience < 100 && this.hanging.length > 0; patience++) {
      await this.device.advance(LONG_MS / 100)
      // What waits for another thread of the real machine: the loading of a file.
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await this.device.advance(LONG_MS)
  }

  /** What each page that runs says of itself. */
  diagnostics(): Promise<WorkerDiagnostics[]> {
    return Promise.all(this.running.map(({ api }) => api.diagnostics()))
  }

  /** Calls that have not settled though nothing is under way. */
  get hanging(): string[] {
    return [...this.#pending].filter(({ tab }) => tab.gate.isOpen).map(({ what }) => what)
  }

  /** Rows on disk that say something of the shopper. */
  async traces(): Promise<unknown[]> {
    return [...(await this.device.disk.rows(EVENTS_DATABASE)).keys()].filter((key) => key !== 'erased')
  }
}
