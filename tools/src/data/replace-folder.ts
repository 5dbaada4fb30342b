/** Writes a folder aside and moves it into place when it is whole. */
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { VitrineError } from '@vitrine/contracts'

/**
 * Calls `write` with an empty folder beside `path`, then renames it to `path`. When `write` fails or the
 * signal aborts, nothing of it stays and `path` is as it was.
 *
 * @throws `VitrineError('OUTPUT_EXISTS')` at once when `path` holds anything and `force` is not set.
 */
export async function replaceFolder<T>(
  path: string,
  { force, signal }: { force: boolean; signal: AbortSignal },
  write: (folder: string) => Promise<T>,
): Promise<T> {
  const target = resolve(path)
  if (!force && !(await isFree(target))) {
    throw new VitrineError('OUTPUT_EXISTS', `${path} is there already: choose another folder or --force.`)
  }
  await mkdir(dirname(target), { recursive: true })
  const scratch = await mkdtemp(join(dirname(target), `.${basename(target)}-`))
  try {
    const result = await write(join(scratch, 'new'))
    signal.throwIfAborted()
    // The old folder steps aside first: a rename onto a folder that is not empty fails.
    if (!(await isFree(target))) await rename(target, join(scratch, 'old'))
    else await rm(target, { recursive: true, force: true })
    await rename(join(scratch, 'new'), target)
    return result
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** True where nothing is, or an empty folder. */
async function isFree(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length === 0
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}
