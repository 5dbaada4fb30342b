/** Golden vectors: lists that a device must reproduce before it may use a model, as stored. */
import { corrupt } from './bytes.ts'
import { numbers, readJson, writeJson } from './json.ts'

const VERSION = 1
const MAX_CASES = 100

/** A list with its scores, best first. */
export interface GoldenList {
  readonly items: readonly number[]
  readonly scores: readonly number[]
}

/** What the model answers to `history` (item indices): the ranked list, and the scan's own. */
export interface GoldenCase {
  readonly history: readonly number[]
  readonly ranked: GoldenList
  readonly scanned: GoldenList
}

/** All golden cases of a revision. */
export interface Golden {
  /** With the built-in encoder. */
  readonly cases: readonly GoldenCase[]
  /** With the engine that the manifest names, where it names one. */
  readonly engineCases?: readonly GoldenCase[]
}

/** Returns `golden` as bytes (docs/artifacts.md). */
export function writeGolden({ cases, engineCases }: Golden): Uint8Array {
  return writeJson({ version: VERSION, cases, ...(engineCases && { engineCases }) })
}

/**
 * Reads what {@link writeGolden} wrote, for a model of `itemCount` items.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readGolden(bytes: Uint8Array, itemCount: number): Golden {
  const json = readJson('golden', bytes, VERSION)
  const items = (what: string, value: unknown): number[] => {
    const list = numbers('golden', what, value)
    if (list.some((item) => !Number.isInteger(item) || item < 0 || item >= itemCount)) {
      throw corrupt('golden', `${what} names an item outside the catalogue`)
    }
    return list
  }
  const list = (what: string, value: unknown): GoldenList => {
    const { items: places, scores } = (value ?? {}) as Readonly<Record<string, unknown>>
    const known = items(what, places)
    return { items: known, scores: numbers('golden', `${what} scores`, scores, known.length) }
  }
  const cases = (entries: unknown): GoldenCase[] => {
    if (!Array.isArray(entries) || entries.length > MAX_CASES) throw corrupt('golden', 'it lists no cases')
    return entries.map((entry: unknown): GoldenCase => {
      const { history, ranked, scanned } = (entry ?? {}) as Readonly<Record<string, unknown>>
      const known = items('history', history)
      if (!known.length) throw corrupt('golden', 'a history is empty')
      return { history: known, ranked: list('ranked', ranked), scanned: list('scanned', scanned) }
    })
  }
  return {
    cases: cases(json.cases),
    ...(json.engineCases !== undefined && { engineCases: cases(json.engineCases) }),
  }
}
