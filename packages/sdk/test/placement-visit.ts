/** A shop's visit on a virtual clock: a table at home on WASM, with kernels that take as long as a test says. */
import { type KernelDevice, type Query, type Table, type TopK, createTopK } from '@vitrine/kernels'
import { createScalarTopK } from '@vitrine/kernels/scalar'
import { onTestFinished } from 'vitest'
import { hostTopK } from '../src/placement/hosted.ts'
import { PlacedTopK } from '../src/placement/placed.ts'
import { type Placement, createPlacement } from '../src/placement/placement.ts'
import type { PlacementOptions } from '../src/placement/surroundings.ts'
import { queries, randomTable } from './placement-table.ts'
import { VirtualClock } from './virtual-clock.ts'

/** There at once: a clock that stands in for the real one does not wait for files. */
const loadScalar = async (): Promise<{ createScalarTopK: typeof createScalarTopK }> => ({ createScalarTopK })

/** Rows of the table. */
export const COUNT = 8192
const table = randomTable(COUNT)
/** How the devices of a test behave; changes count at once. */
export interface Behavior {
  /** Milliseconds of a search of the whole table. */
  ms: Partial<Record<KernelDevice, number>>
  /** The same for a device that takes longer for all rows than some of them promise. */
  wholeMs?: Partial<Record<KernelDevice, number>>
  /** Set while searches fail, or come out wrong. */
  broken?: 'fails' | 'wrong'
  /** Searches of the scalar device wait for it. */
  gate?: Promise<void>
}

/** A shop's visit: a table at home on WASM, and a placement that may move it to the scalar kernel. */
export interface Visit {
  clock: VirtualClock
  placed: PlacedTopK
  placement: Placement
  behavior: Behavior
  stored: { verdict: unknown; writes: number }
  /** Kernels that were made and not disposed of yet. */
  live: KernelDevice[]
  errors: unknown[]
  /** One search, as a list makes it. */
  search: (query?: Query) => Promise<number[]>
  settled: () => Promise<void>
}

/** Opens a visit, which ends with the test. */
export async function visit(
  behavior: Behavior,
  options: Partial<PlacementOptions> & { stored?: Visit['stored'] } = {},
): Promise<Visit> {
  const clock = new VirtualClock()
  const live: KernelDevice[] = []
  const make = async (of: Table, devices: readonly KernelDevice[]): Promise<TopK> =>
    timed(await createTopK(of, { devices, loadScalar }), of.count, clock, behavior, live)
  const hosted = hostTopK(await make(table, ['wasm']))
  const placed = new PlacedTopK(hosted, clock.elapsed)
  const { stored = { verdict: undefined, writes: 0 }, ...rest } = options
  const errors: unknown[] = []
  const placement = createPlacement({
    createTopK: (of, { devices = [] }) => make(of, devices),
    loadWebGpu: () => Promise.reject(new Error('not asked for here')),
    shardUrl: 'https://shop.example/shard.js',
    release: '1.0.0',
    verdicts: {
      read: async () => structuredClone(stored.verdict),
      async write(verdict) {
        stored.verdict = structuredClone(verdict)
        stored.writes++
      },
    },
    platform: clock,
    browser: 'Browser/1',
    cores: 1,
    onError: (error) => errors.push(error),
    ...rest,
  })
  onTestFinished(() => placement.dispose())
  placement.place({
    placed,
    revision: 'r-1',
    questions: queries.map((query) => () => hosted.search(query)),
  })
  return {
    clock,
    placed,
    placement,
    behavior,
    stored,
    live,
    errors,
    search: async (query = queries[0]!) => [...(await hosted.search(query)).indices],
    settled: () => clock.until(() => placement.status()?.state === 'settled'),
  }
}

/** A kernel that takes its time on the clock. */
function timed(
  topK: TopK,
  rows: number,
  clock: VirtualClock,
  behavior: Behavior,
  live: KernelDevice[],
): TopK {
  const { device, variant } = topK
  live.push(device)
  const search = async (query: Query): ReturnType<TopK['search']> => {
    const whole = rows === COUNT ? behavior.wholeMs?.[device] : undefined
    clock.spend(whole ?? ((behavior.ms[device] ?? 1) * rows) / COUNT)
    const found = await topK.search(query)
    if (device === 'wasm') return found
    await behavior.gate
    if (behavior.broken === 'fails') throw new Error('the device was lost')
    if (behavior.broken === 'wrong') found.scores[found.scores.length - 1]! += 1
    return found
  }
  return {
    device,
    variant,
    bytes: topK.bytes,
    rows: topK.rows,
    search,
    searchMany: (many) => Promise.all(many.map(search)),
    dispose() {
      const at = live.indexOf(device)
      if (at >= 0) live.splice(at, 1)
      topK.dispose()
    },
  }
}

/** A promise that resolves when it is told to. */
export function createGate(): { opened: Promise<void>; open: () => void } {
  let open: (() => void) | undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open?.() }
}

/** The lists of {@link queries}. */
export async function rightLists(): Promise<number[][]> {
  const topK = await createTopK(table)
  return (await topK.searchMany(queries)).map(({ indices }) => Array.from(indices))
}
