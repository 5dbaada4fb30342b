/** Opens a file or standard input as a stream of bytes, unpacked where the first two bytes say gzip. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable, addAbortSignal, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { VitrineError } from '@vitrine/contracts'

/** Where an input stands: bytes as they lie on disk, so that packed files give an honest estimate. */
export interface InputProgress {
  read: number
  /** Missing for standard input. */
  total?: number
}

/** How to open. */
export interface OpenInputOptions {
  /** Read for `-`. */
  stdin?: Readable
  onProgress?: (progress: InputProgress) => void
  signal?: AbortSignal
}

/**
 * Opens `path` (`-` is standard input).
 *
 * @throws `VitrineError('INPUT_NOT_FOUND')` where there is no such file; while reading,
 * `INPUT_UNREADABLE` when it is a folder, may not be read, or is a broken gzip file.
 */
export async function openInput(
  path: string,
  { stdin = process.stdin, onProgress, signal }: OpenInputOptions = {},
): Promise<AsyncIterable<Uint8Array>> {
  const total = path === '-' ? undefined : await sizeOf(path)
  const source = path === '-' ? stdin : createReadStream(path, { highWaterMark: 1 << 18 })
  // Standard input may stay silent for ever: only its own end wakes whoever waits for it.
  if (signal) addAbortSignal(signal, source)
  let read = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      signal?.throwIfAborted()
      read += chunk.length
      yield chunk
      onProgress?.(total === undefined ? { read } : { read, total })
    }
  }
  return withReadErrors(path, unpacked(counted()), signal)
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (cause) {
    throw new VitrineError('INPUT_NOT_FOUND', `There is no file ${path}: check the path.`, { cause })
  }
}

/** Passes bytes on as they are, or through gunzip when they start with gzip's magic number (RFC 1952). */
async function* unpacked(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < 2) {
    const next = await bytes.next()
    if (next.done) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head
    yield* bytes
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole()
    return
  }
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  pipeline(Readable.from(whole()), gunzip, () => {
    // Nothing to add: gunzip hands the error to whoever iterates it.
  })
  yield* gunzip as AsyncIterable<Uint8Array>
}

async function* withReadErrors(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (cause) {
    signal?.throwIfAborted()
    // Only the system's and zlib's errors are about the input.
    if (!(cause instanceof Error && 'errno' in cause)) throw cause
    throw new VitrineError(
      'INPUT_UNREADABLE',
      `Reading ${path} failed (${cause.message}): check that it is a whole file that you may read.`,
      { cause },
    )
  }
}
