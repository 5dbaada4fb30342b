/** Serves the files of a folder: each is read and compressed when first asked for, and again when it changed. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { VitrineError } from '@vitrine/contracts'
import { compressions } from '../artifacts/compress.ts'
import type { Asset, FindAsset } from './assets.ts'

/** Files of other kinds are not served. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** Plain names only: no `..`, no hidden files, no backslashes, no escapes. */
const SAFE_PATH = /^\w[\w.-]*(?:\/\w[\w.-]*)*$/u

const MAX_FILE_BYTES = 4 * 2 ** 20

/**
 * Opens a folder of static files.
 *
 * @example
 * ```ts
 * const findAsset = openAssetFolder('node_modules/@vitrine/widget/dist')
 * ```
 */
export function openAssetFolder(folder: string): FindAsset {
  const known = new Map<string, { version: string; asset: Promise<Asset> }>()

  return async (path) => {
    const contentType = CONTENT_TYPES[extname(path)]
    if (contentType === undefined || !SAFE_PATH.test(path)) return undefined
    const file = join(folder, path)
    const version = await versionOf(file)
    if (version === undefined) {
      known.delete(path)
      return undefined
    }
    const hit = known.get(path)
    if (hit?.version === version) return hit.asset
    const asset = load(file, contentType)
    known.set(path, { version, asset })
    asset.catch(() => known.delete(path))
    return asset
  }
}

/** Tells one state of a file from another; `undefined` where there is no such file. */
async function versionOf(file: string): Promise<string | undefined> {
  try {
    const status = await stat(file)
    return status.isFile() && status.size <= MAX_FILE_BYTES ? `${status.mtimeMs} ${status.size}` : undefined
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw new VitrineError('UNAVAILABLE', `cannot read ${file}; mend its permissions`, { cause: error })
  }
}

async function load(file: string, contentType: string): Promise<Asset> {
  const content = new Uint8Array(await readFile(file))
  return {
    content,
    contentType,
    tag: createHash('sha256').update(content).digest('hex').slice(0, 32),
    encoded: Object.fromEntries(await compressions(content)),
  }
}
