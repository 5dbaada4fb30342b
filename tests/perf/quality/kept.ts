/** Results of steps that are done, so that a run that was stopped goes on where it was. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from '../../../scripts/run-command.js'

/** What decides over figures: a change in any of these begins anew. Relative to the root. */
const SOURCES = ['tools/src', 'tools/assembly', 'packages/recommender/src', 'packages/kernels/src']
const TESTS = /\.test\.ts$|\.generated\.ts$/u

/** A folder of finished steps. */
export interface Kept {
  /** Where steps may leave files for later ones. */
  folder: string
  /** Returns what `work` answered before with the same `inputs`, or does it now. */
  once<T>(step: string, inputs: readonly string[], work: () => Promise<T>): Promise<T>
}

/** Opens the folder of `name` under `.cache/quality`; what an older state of the code left there is removed. */
export async function openKept(name: string): Promise<Kept> {
  const folder = join(ROOT, '.cache', 'quality', name)
  const stamp = join(folder, 'sources')
  const current = await fingerprint()
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== current) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await writeFile(stamp, current)
  }
  return {
    folder,
    async once<T>(step: string, inputs: readonly string[], work: () => Promise<T>): Promise<T> {
      const file = join(folder, `${step}.json`)
      const kept = await readFile(file, 'utf8').catch(() => undefined)
      if (kept !== undefined) {
        const known = JSON.parse(kept) as { inputs: readonly string[]; result: T }
        if (known.inputs.join('\n') === inputs.join('\n')) return known.result
      }
      const result = await work()
      await writeFile(`${file}.partial`, JSON.stringify({ inputs, result: result ?? null }))
      await rename(`${file}.partial`, file)
      return result
    },
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const source of SOURCES) {
    const names = await readdir(join(ROOT, source), { recursive: true, withFileTypes: true })
    const files = names
      .filter((entry) => entry.isFile() && !TESTS.test(entry.name))
      .map(({ parentPath, name }) => join(parentPath, name))
    for (const file of files.toSorted()) hash.update(file.slice(ROOT.length)).update(await readFile(file))
  }
  return hash.digest('hex')
}
