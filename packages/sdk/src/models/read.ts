/** Reads an answer's body within bounds of size and time, whatever the other side sends. */
import { isCoded } from '../coded.ts'
import type { CancelTimer, Platform } from '../platform.ts'

/** A body that brings nothing for this long is given up, so that a dead connection holds no lock for ever. */
const STALL_MS = 30_000
/** So is one that trickles: this long and 2 bytes a millisecond are the slowest that is waited for. */
const PATIENCE_MS = 60_000
const SLOWEST_BYTES_PER_MS = 2

/** How to read. */
export interface ReadOptions {
  /** Most bytes that may come. */
  limit: number
  platform: Pick<Platform, 'setTimer'>
  signal: AbortSignal
  /** What is thrown when more come. */
  tooLong: () => Error
}

/**
 * Hands `response`'s body on, piece by piece.
 *
 * @throws what `tooLong` returns; `Error` when the body breaks off, stalls or trickles; the signal's reason.
 */
export async function readPieces(
  response: Response,
  { limit, platform, signal, tooLong }: ReadOptions,
  onPiece: (piece: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  if (!response.body) return
  const reader = response.body.getReader()
  const slowest = PATIENCE_MS + limit / SLOWEST_BYTES_PER_MS
  let cancelStall: CancelTimer | undefined
  let giveUp: (error: unknown) => void
  const givenUp = new Promise<never>((_, reject) => (giveUp = reject))
  const cancelDeadline = platform.setTimer(() => giveUp(new Error(`not whole after ${slowest} ms`)), slowest)
  const onAbort = (): void => giveUp(signal.reason)
  signal.addEventListener('abort', onAbort)
  try {
    signal.throwIfAborted()
    for (let received = 0; ;) {
      cancelStall = platform.setTimer(() => giveUp(new Error(`no bytes for ${STALL_MS} ms`)), STALL_MS)
      const { value, done } = await Promise.race([reader.read(), givenUp])
      cancelStall()
      if (done) return
      received += value.byteLength
      if (received > limit) throw tooLong()
      onPiece(value)
    }
  } catch (error) {
    reader.cancel(error).catch(() => {
      // It has ended already: nothing to cancel.
    })
    throw error
  } finally {
    cancelStall?.()
    cancelDeadline()
    signal.removeEventListener('abort', onAbort)
  }
}

/** Returns the whole body. @throws as {@link readPieces}. */
export async function readBytes(response: Response, options: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  await readPieces(response, options, (piece) => pieces.push(piece))
  return new Uint8Array(await new Blob(pieces).arrayBuffer())
}

/** True for an error that has its code already, and for what followed from an abort. */
export function isFinal(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || isCoded(error)
}
