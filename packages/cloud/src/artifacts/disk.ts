/**
 * Artifacts as files named by their hash.
 *
 * An upload goes to a temporary file while its hash is computed; it is synced, compressed beside, and only then
 * renamed to its name, so that a name always stands for the whole, verified content.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { VitrineError, isVitrineError } from '@vitrine/contracts'
import { compressions } from './compress.ts'
import { type ArtifactInfo, type ArtifactStore, ENCODINGS, type ReadOptions } from './store.ts'

/** An upload that has not been written to for so long was cut off by a kill. */
const ABANDONED_AFTER_MS = 60 * 60 * 1000

const SUFFIX = { br: '.br', gzip: '.gz' } as const

/**
 * Opens a folder of artifacts, creating it where needed.
 *
 * @example
 * ```ts
 * const artifacts = openDiskArtifacts('.vitrine/artifacts')
 * ```
 */
export function openDiskArtifacts(
  folder: string,
  { clock = Date.now }: { clock?: () => number } = {},
): ArtifactStore {
  const temporary = join(folder, 'incoming')
  // Two hex digits of fan-out keep folders small however many revisions there are.
  const folderOf = (sha256: string) => join(folder, sha256.slice(0, 2))
  const fileOf = (sha256: string) => join(folderOf(sha256), sha256)

  async function put(
    sha256: string,
    body: ReadableStream<Uint8Array>,
    { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal | undefined },
  ): Promise<{ bytes: number; created: boolean }> {
    const incoming = join(temporary, randomUUID())
    try {
      await mkdir(temporary, { recursive: true })
      await removeOlderThan(temporary, clock() - ABANDONED_AFTER_MS)
      const bytes = await receive(incoming, sha256, body, maxBytes, signal)
      const created = (await sizeOf(fileOf(sha256))) === undefined
      await mkdir(folderOf(sha256), { recursive: true })
      // The artifact itself comes last: once it is there, its encoded forms are.
      for (const [encoding, encoded] of await compressions(await readFile(incoming))) {
        await writeDurably(`${incoming}${SUFFIX[encoding]}`, encoded)
        await rename(`${incoming}${SUFFIX[encoding]}`, `${fileOf(sha256)}${SUFFIX[encoding]}`)
      }
      await rename(incoming, fileOf(sha256))
      await syncFolder(folderOf(sha256))
      return { bytes, created }
    } catch (error) {
      throw coded(error, `cannot store artifact ${sha256}`)
    } finally {
      // What cannot be removed now is removed when it counts as abandoned.
      await Promise.allSettled(
        ['', ...Object.values(SUFFIX)].map((suffix) => rm(`${incoming}${suffix}`, { force: true })),
      )
    }
  }

  async function find(sha256: string): Promise<ArtifactInfo | undefined> {
    try {
      const file = fileOf(sha256)
      const [bytes, ...sizes] = await Promise.all([
        sizeOf(file),
        ...ENCODINGS.map((encoding) => sizeOf(`${file}${SUFFIX[encoding]}`)),
      ])
      if (bytes === undefined) return undefined
      const encoded: ArtifactInfo['encoded'] = {}
      for (const [index, encoding] of ENCODINGS.entries()) {
        const size = sizes[index]
        if (size !== undefined) encoded[encoding] = size
      }
      return { bytes, encoded }
    } catch (error) {
      throw coded(error, `cannot look up artifact ${sha256}`)
    }
  }

  async function read(sha256: string, options?: ReadOptions): Promise<ReadableStream<Uint8Array>> {
    const suffix = options && 'encoding' in options ? SUFFIX[options.encoding] : ''
    const range = options && 'range' in options ? { start: options.range.first, end: options.range.last } : {}
    try {
      // Opened before the answer begins: a missing file is still a coded refusal then.
      const handle = await open(`${fileOf(sha256)}${suffix}`, 'r')
      return Readable.toWeb(createReadStream('', { fd: handle, ...range })) as ReadableStream<Uint8Array>
    } catch (error) {
      if (isMissing(error)) {
        throw new VitrineError(
          'ARTIFACT_NOT_FOUND',
          `there is no artifact ${sha256}; publish the revision again`,
        )
      }
      throw coded(error, `cannot read artifact ${sha256}`)
    }
  }

  async function check(): Promise<void> {
    try {
      await mkdir(folder, { recursive: true })
    } catch (error) {
      throw coded(error, 'cannot reach the folder of artifacts')
    }
  }

  return { put, find, read, check }
}

/** Writes the body to a new file and syncs it; returns its size once the hash is right. */
async function receive(
  file: string,
  sha256: string,
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const hash = createHash('sha256')
  const handle = await open(file, 'wx')
  try {
    let bytes = 0
    for await (const chunk of body) {
      signal?.throwIfAborted()
      bytes += chunk.byteLength
      if (bytes > maxBytes) {
        throw new VitrineError('BODY_TOO_LARGE', `an artifact may have ${maxBytes} bytes at most`)
      }
      hash.update(chunk)
      await writeWhole(handle, chunk)
    }
    const actual = hash.digest('hex')
    if (actual !== sha256) {
      throw new VitrineError(
        'ARTIFACT_CORRUPT',
        `the ${bytes} bytes received hash to ${actual}, not to ${sha256}; upload again`,
      )
    }
    await handle.sync()
    return bytes
  } finally {
    await handle.close()
  }
}

async function removeOlderThan(folder: string, time: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    const modified = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      (error: unknown) => {
        if (isMissing(error)) return Infinity
        throw error
      },
    )
    if (modified < time) await rm(file, { force: true })
  }
}

async function writeWhole(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    offset += (await handle.write(chunk, offset)).bytesWritten
  }
}

async function writeDurably(file: string, content: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A rename is durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOENT'
}

/** An aborted upload keeps its reason; anything else that is not coded is the disk's. */
function coded(error: unknown, what: string): unknown {
  if (isVitrineError(error) || (error instanceof Error && error.name === 'AbortError')) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new VitrineError('UNAVAILABLE', `${what}: ${reason}; repeat later`, { cause: error })
}
