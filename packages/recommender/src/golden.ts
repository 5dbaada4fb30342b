/** Golden vectors: lists that a device must reproduce before it may use a model. */
import { VitrineError } from '@vitrine/contracts'
import { corrupt } from './bytes.ts'
import { encodeHistory } from './encoder.ts'
import { numbers, readJson, writeJson } from './json.ts'
import type { Model } from './model.ts'
import { rankAfter, scanForQuery } from './ranking.ts'

const VERSION = 1
const K = 20
const MAX_CASES = 100

/**
 * How far a score may lie from the golden one, absolute and relative: engines differ in the last digits of
 * exp and log, and a wrong kernel differs in the first.
 */
const TOLERANCE = 1e-3

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
  readonly cases: readonly GoldenCase[]
}

/** Returns `golden` as bytes (docs/artifacts.md). */
export function writeGolden({ cases }: Golden): Uint8Array {
  return writeJson({ version: VERSION, cases })
}

/**
 * Reads what {@link writeGolden} wrote, for a model of `itemCount` items.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readGolden(bytes: Uint8Array, itemCount: number): Golden {
  const json = readJson('golden', bytes, VERSION)
  if (!Array.isArray(json.cases) || json.cases.length > MAX_CASES) {
    throw corrupt('golden', 'it lists no cases')
  }
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
  return {
    cases: json.cases.map((entry: unknown): GoldenCase => {
      const { history, ranked, scanned } = (entry ?? {}) as Readonly<Record<string, unknown>>
      const known = items('history', history)
      if (!known.length) throw corrupt('golden', 'a history is empty')
      return { history: known, ranked: list('ranked', ranked), scanned: list('scanned', scanned) }
    }),
  }
}

/** Returns what `model` answers to `history` (item indices, at least one). */
export function answerOf(model: Model, history: readonly number[]): Promise<GoldenCase> {
  return model.withWorkspace(async (work) => {
    encodeHistory(model.encoder, model.embeddings, history, work.input, work.query)
    const scan = await scanForQuery(model, K, undefined, work)
    const found = await rankAfter(model, history, K, undefined, work)
    const order = Array.from(work.order.subarray(0, found))
    return {
      history,
      ranked: {
        items: order.map((place) => work.items[place]!),
        scores: order.map((place) => work.scores[place]!),
      },
      scanned: { items: Array.from(scan.indices), scores: Array.from(scan.scores) },
    }
  })
}

/**
 * Checks that this device answers every golden case as training did.
 *
 * @throws `VitrineError('SELF_TEST_FAILED')` naming the first list that differs.
 */
export async function selfTest(model: Model): Promise<void> {
  for (const [index, expected] of model.golden.cases.entries()) {
    const actual = await answerOf(model, expected.history)
    for (const list of ['ranked', 'scanned'] as const) {
      const rank = firstDifference(expected[list], actual[list])
      if (rank < 0) continue
      throw new VitrineError(
        'SELF_TEST_FAILED',
        `Revision ${model.manifest.revision} on ${model.device}: golden case ${index}, ${list}, differs at rank ` +
          `${rank} (${describe(actual[list], rank)} in place of ${describe(expected[list], rank)}). Use another device.`,
      )
    }
  }
}

/** Returns the first rank at which the lists differ, −1 for none. Items within tolerance may change places. */
function firstDifference(expected: GoldenList, actual: GoldenList): number {
  const { length } = expected.items
  if (actual.items.length !== length) return Math.min(actual.items.length, length)
  for (let rank = 0; rank < length; rank++) {
    const score = expected.scores[rank]!
    const isClose = (other: number | undefined): boolean =>
      other !== undefined && Math.abs(other - score) <= TOLERANCE * (1 + Math.abs(score))
    if (!isClose(actual.scores[rank])) return rank
    const hasTwin =
      isClose(expected.scores[rank - 1]) || isClose(expected.scores[rank + 1]) || rank === length - 1
    if (actual.items[rank] !== expected.items[rank] && !hasTwin) return rank
  }
  return -1
}

function describe({ items, scores }: GoldenList, rank: number): string {
  return rank < items.length ? `item ${items[rank]} with ${scores[rank]}` : 'nothing'
}
