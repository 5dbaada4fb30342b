/** What a training has finished so far, on disk: a run that was stopped goes on there. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainInput } from './types.ts'

/** Where a training keeps and finds what it has finished, by name. */
export interface Checkpoints {
  /** Returns what was kept under `name`; `undefined` where nothing was. */
  readonly read: (name: string) => Promise<Uint8Array | undefined>
  /** Keeps `bytes` under `name`, in place of what was there: whole or not at all. */
  readonly write: (name: string, bytes: Uint8Array) => Promise<void>
}

/** Checkpoints in a folder. */
export interface CheckpointFolder extends Checkpoints {
  /** Whether an earlier run of the same training left any. */
  readonly isResumed: boolean
  readonly remove: () => Promise<void>
}

const FINGERPRINT = 'training.sha256'
/** Raised when training changes: a checkpoint of other code is no part of this one's model. */
const TRAINING = 1

/**
 * Opens `folder`, made where it is missing. What another training left there, of other data, another seed,
 * budget or release, is removed: going on from it would mix two models.
 *
 * @param fresh Removes what this very training left, too.
 * @param identity All that the training depends on, e.g. `fingerprintOf(…)`.
 */
export async function openCheckpoints(
  folder: string,
  identity: string,
  { fresh = false }: { fresh?: boolean } = {},
): Promise<CheckpointFolder> {
  const left = await readFile(join(folder, FINGERPRINT), 'utf8').catch(ignoreMissing)
  const isResumed = !fresh && left === identity
  if (!isResumed) await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  if (!isResumed) await writeFile(join(folder, FINGERPRINT), identity)
  return {
    isResumed,
    read: (name) => readFile(join(folder, name)).catch(ignoreMissing),
    async write(name, bytes) {
      const partial = join(folder, `${name}.partial`)
      await writeFile(partial, bytes)
      await rename(partial, join(folder, name))
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Hash of what a training depends on: the same hash, the same model. */
export function fingerprintOf(
  { modelId, catalogue, sessions, pairs, seed }: TrainInput,
  ...further: readonly (string | number | undefined)[]
): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([TRAINING, modelId, seed, catalogue.map(({ id }) => id), further]))
    .update(sessions.offsets)
    .update(sessions.items)
  if (pairs) {
    const { from, to, distances, ages, counts } = pairs
    for (const column of [from, to, distances, ages, counts]) hash.update(column)
  }
  return hash.digest('hex')
}

function ignoreMissing(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause
}
