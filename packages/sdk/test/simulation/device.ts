/** One simulated device: its disk, locks, channels and clock, and the tabs in which the real worker code runs. */
import { seeded } from '@vitrine/trials'
import type { Consent } from '../../src/behavior/consent.ts'
import type { Broadcast, Platform } from '../../src/platform.ts'
import { createWorkerApi } from '../../src/worker/main.ts'
import type { WorkerApi } from '../../src/worker/protocol.ts'
import type { SimulatedClock } from './clock.ts'
import { SimulatedDisk } from './disk.ts'
import { Gate } from './gate.ts'
import { SimulatedLocks } from './locks.ts'
import { type Fate, SimulatedNetwork } from './network.ts'
import { turn } from './node.ts'
import type { SimulatedServer } from './server.ts'

export const ENDPOINT = 'https://edge.shop.example'
/** Turns without anything under way after which a device is at rest: more than any chain of microtasks takes. */
const QUIET_TURNS = 6
/** Real ms after which something is taken to go on for ever. */
const PATIENCE_MS = 20_000

/** One tab: what its page would hold. */
export interface SimulatedTab {
  readonly api: WorkerApi
  readonly gate: Gate
  /** The tab ends at this moment, with all that is under way in it. */
  kill(): void
}

/** What a device needs. */
export interface DeviceOptions {
  clock: SimulatedClock
  server: SimulatedServer
  seed: number
  fate?: (path: string) => Fate
  /** Told of every moment in every tab's life at which a crash could matter. */
  onPoint?: (point: string, tab: SimulatedTab) => void
}

/** See above. */
export class SimulatedDevice {
  readonly disk: SimulatedDisk = new SimulatedDisk()
  readonly locks: SimulatedLocks = new SimulatedLocks()
  readonly network: SimulatedNetwork
  readonly tabs: Set<SimulatedTab> = new Set()
  /** How far the device's clock is off, ms. */
  skew = 0
  readonly #options: DeviceOptions
  readonly #random: () => number
  readonly #listeners = new Map<string, Map<Gate, (message: string) => void>>()
  #ids = 0
  #digests = 0

  constructor(options: DeviceOptions) {
    this.#options = options
    const { server, clock, fate = () => 'answered' } = options
    this.#random = seeded(options.seed)
    this.network = new SimulatedNetwork({ server, clock, fate })
  }

  /** Opens a page with a recommender; `opened` resolves as `createRecommender` does. */
  openTab(consent: Consent): { tab: SimulatedTab; opened: Promise<void> } {
    const gate = new Gate()
    const tab: SimulatedTab = {
      gate,
      kill: () => this.#kill(tab),
      api: createWorkerApi(this.#platform(gate, (point) => this.#options.onPoint?.(point, tab))),
    }
    this.tabs.add(tab)
    const opened = tab.api.open(
      {
        endpoint: ENDPOINT,
        model: 'tiny',
        key: 'pk_test',
        consent,
        devices: ['scalar'],
        networkUrl: new URL('../../src/network.ts', import.meta.url).pathname,
        webgpuUrl: '',
        storage: 'indexeddb',
      },
      () => undefined,
    )
    return { tab, opened }
  }

  /** Closes a page as a shopper does. */
  async close(tab: SimulatedTab): Promise<void> {
    await tab.api.dispose()
    this.#kill(tab)
  }

  /** Resolves when nothing is under way any more but what waits for the clock, or for a thaw. */
  readonly settle = async (): Promise<void> => {
    const until = performance.now() + PATIENCE_MS
    let quiet = 0
    while (quiet < QUIET_TURNS) {
      if (performance.now() > until)
        throw new Error(`it does not come to rest: ${JSON.stringify(this.#busy())}`)
      quiet = Object.values(this.#busy()).some((count) => count > 0) ? 0 : quiet + 1
      await turn()
    }
  }

  advance(ms: number): Promise<void> {
    return this.#options.clock.advance(ms, this.settle)
  }

  #busy(): Record<string, number> {
    const { network, locks, disk } = this
    return { requests: network.busy, locks: locks.busy, transactions: disk.busy, digests: this.#digests }
  }

  #kill(tab: SimulatedTab): void {
    tab.gate.kill()
    this.tabs.delete(tab)
    for (const listeners of this.#listeners.values()) listeners.delete(tab.gate)
    this.disk.release(tab.gate)
    this.locks.release(tab.gate)
  }

  #platform(gate: Gate, onPoint: (point: string) => void): Partial<Platform> {
    const { clock } = this.#options
    return {
      fetch: this.network.of(gate, (point, path) => onPoint(`${point} ${path}`)),
      now: () => clock.now + this.skew,
      elapsed: () => clock.now,
      random: this.#random,
      randomId: () => (this.#options.seed * 1e6 + this.#ids++).toString(16).padStart(32, '0'),
      setTimer: (callback, ms) => clock.setTimer(() => gate.run(callback), ms),
      subtle: this.#subtle(),
      locks: this.locks.of(gate),
      indexedDB: this.disk.of(gate, (point, database, key) => {
        if (database.startsWith('vitrine-behavior:')) onPoint(`${point} ${typeof key}`)
      }),
      broadcast: (name) => this.#channel(name, gate),
      isOnline: () => this.network.isOnline,
      isPersisted: async () => false,
    }
  }

  /** The real hashes, counted while they are computed in another thread. */
  #subtle(): SubtleCrypto {
    return {
      digest: async (algorithm: string, data: BufferSource) => {
        this.#digests++
        try {
          return await crypto.subtle.digest(algorithm, data)
        } finally {
          this.#digests--
        }
      },
    } as unknown as SubtleCrypto
  }

  #channel(name: string, gate: Gate): Broadcast {
    const listeners = this.#listeners.get(name) ?? new Map<Gate, (message: string) => void>()
    this.#listeners.set(name, listeners)
    return {
      post: (message) => {
        for (const [other, listener] of listeners) {
          if (other !== gate) queueMicrotask(() => other.run(() => listener(message)))
        }
      },
      listen: (listener) => void listeners.set(gate, listener),
      close: () => void listeners.delete(gate),
    }
  }
}
