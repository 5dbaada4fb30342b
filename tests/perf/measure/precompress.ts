/** Files compressed ahead, as a careful shop's build does: the server only reads them. */
import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { ROOT } from '../../../scripts/run-command.js'

/** An engine of 14 MB takes half a minute: it is done once. */
const CACHE = join(ROOT, '.cache', 'brotli')

/** Writes `<file>.br` beside every file under `folder`. */
export async function precompress(folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const content = await readFile(file)
    const cached = join(CACHE, createHash('sha256').update(content).digest('hex'))
    if (!existsSync(cached)) await writeFile(cached, await compress(content))
    await copyFile(cached, `${file}.br`)
  }
}

function compress(content: Buffer): Promise<Buffer> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  }
  return promisify(brotliCompress)(content, { params })
}
