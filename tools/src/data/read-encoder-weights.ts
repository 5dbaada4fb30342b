/** Reads a trained session encoder for the very sessions that it was trained on. */
import { buffer } from 'node:stream/consumers'
import { VitrineError } from '@vitrine/contracts'
import { type TrainedEncoders, decodeWeights, encodersFor, sessionsDigest } from '../train/encoder-weights.ts'
import type { Sessions } from '../train/index.ts'
import { openInput } from './open-input.ts'

/**
 * Reads `path` for `sessions`, whose items `ids` names.
 *
 * @throws `VitrineError('INPUT_NOT_FOUND')`, `INPUT_UNREADABLE`, or `INVALID_OPTIONS` where the encoder was trained
 * on other sessions: settings chosen on the tail would be chosen on what it has seen.
 */
export async function readEncoderWeights(
  path: string,
  sessions: Sessions,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<TrainedEncoders> {
  const weights = decodeWeights(await buffer(await openInput(path, signal ? { signal } : {})))
  if (weights.digest !== (await sessionsDigest(sessions, ids))) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `${path} was trained on other sessions than these: train on the same file, without --holdout and --hide-items.`,
    )
  }
  return encodersFor(ids, weights)
}
