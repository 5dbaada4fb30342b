/** What a probe found, as it is kept for the next visit: for one revision on one browser of one release. */

/** Where a table can be searched: `sharded` is WASM on several threads. */
export type PlacementDevice = 'scalar' | 'wasm' | 'sharded' | 'webgpu'

/** One device as the probe found it. */
export interface Estimate {
  device: PlacementDevice
  /** Milliseconds of one search of the whole table; of fewer rows where `rows` says so and it lost by that. Null where it was not measured. */
  ms: number | null
  /** Rows that were searched. */
  rows: number
  /** Timed slices, each of many searches. */
  samples: number
  verdict: 'chosen' | 'slower' | 'not-tried' | 'unavailable' | 'wrong' | 'failed'
  /** In words, for whoever reads the diagnostics. */
  why: string
}

/** A probe's outcome. */
export interface Verdict {
  revision: string
  /** The browser's user agent: a new version is measured anew. */
  browser: string
  /** Of Vitrine. */
  release: string
  cores: number
  device: PlacementDevice
  estimates: Estimate[]
  /** Unix ms. */
  at: number
  /** What searches took in the shop itself, once that was known. */
  baselineMs?: number
}

/** What a verdict holds for. */
export type Circumstances = Pick<Verdict, 'revision' | 'browser' | 'release' | 'cores'>

const DEVICES: ReadonlySet<unknown> = new Set<PlacementDevice>(['scalar', 'wasm', 'sharded', 'webgpu'])

/** The stored verdict, if it is one and holds here. */
export function verdictFor(stored: unknown, here: Circumstances): Verdict | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const verdict = stored as Partial<Verdict>
  const isHere = (['revision', 'browser', 'release', 'cores'] as const).every(
    (field) => verdict[field] === here[field],
  )
  const isWhole =
    DEVICES.has(verdict.device) && Array.isArray(verdict.estimates) && Number.isFinite(verdict.at)
  return isHere && isWhole ? (verdict as Verdict) : undefined
}
