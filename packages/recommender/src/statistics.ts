/** Popularity by recency: how often each item occurs in all sessions and in the latest of them. */
import { ByteReader, ByteWriter } from './bytes.ts'

/** Shares of the sessions, counted from the newest, that popularity is stated for. */
export const POPULARITY_SHARES: readonly number[] = [1, 0.3, 0.1, 0.02]

/** `log(1 + occurrences)` by share and item. */
export interface Statistics {
  readonly count: number
  /** Which of {@link POPULARITY_SHARES} ranks best alone: the prior of the scan, and the popular list. */
  readonly prior: number
  /** `[shares, N]`. */
  readonly popularity: Float32Array
}

/** Statistics as stored: a share's row is `scale · level / 255`; float32 twins have no levels. */
export interface StoredStatistics {
  readonly count: number
  readonly prior: number
  readonly popularity: Uint8Array | Float32Array
  /** `[shares]` largest value of each row. */
  readonly scales: Float32Array
}

/** Returns `statistics` as bytes (docs/artifacts.md). */
export function writeStatistics({ count, prior, popularity, scales }: StoredStatistics): Uint8Array {
  return new ByteWriter('statistics', popularity instanceof Float32Array ? 'float32' : 'uint8')
    .u32(count)
    .u32(prior)
    .table(scales)
    .table(popularity)
    .finish()
}

/**
 * Reads what {@link writeStatistics} wrote.
 *
 * @throws `VitrineError('ARTIFACT_CORRUPT')` for any other bytes, `MODEL_UNSUPPORTED` for another version.
 */
export function readStatistics(bytes: Uint8Array): Statistics {
  const reader = new ByteReader(bytes, 'statistics', ['uint8', 'float32'])
  const shares = POPULARITY_SHARES.length
  const count = reader.u32()
  const prior = reader.count('the prior', shares - 1)
  const scales = reader.floats(shares, true)
  const levels = reader.dtype === 'uint8' ? reader.bytes(shares * count) : undefined
  const popularity = levels ? new Float32Array(shares * count) : reader.floats(shares * count, true)
  if (levels) {
    for (let share = 0, i = 0; share < shares; share++) {
      const scale = scales[share]!
      for (const end = i + count; i < end; i++) popularity[i] = (levels[i]! * scale) / 255
    }
  }
  reader.end()
  return { count, prior, popularity }
}

/** Returns the popularity of all items that ranks best alone, `[N]`, a view. */
export function priorOf({ count, prior, popularity }: Statistics): Float32Array {
  return popularity.subarray(prior * count, (prior + 1) * count)
}
