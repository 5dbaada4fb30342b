/** What a training has finished so far, on disk: a run that was stopped goes on there. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

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

function ignoreMissing(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== 'ENOENT') throw cause
}
