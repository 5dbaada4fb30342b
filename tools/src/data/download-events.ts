/** Fetches an endpoint's events into a file; a file that is there already is gone on with after its last whole line. */
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VitrineError } from '@vitrine/contracts'
import type { Call } from '../publish/endpoint.ts'
import { memberOf } from './columns.ts'

/** Which events to fetch. */
export interface EventRange {
  /** Received at or after; Unix ms. */
  from?: number
  /** Received before; Unix ms. */
  to?: number
}

/** How to fetch. */
export interface DownloadOptions {
  call: Call
  /** Events in the file so far. */
  onProgress?: (events: number) => void
  signal?: AbortSignal
}

/** Breaks of the connection in a row, with nothing received in between, after which the download is given up. */
const MAX_BREAKS = 5
const NEWLINE = 0x0a
/** Longer than any line: an event has at most five texts of 128 characters. */
const TAIL_BYTES = 16 * 1024

interface Position {
  /** Whole lines. */
  events: number
  /** Length of the file up to the end of the last of them. */
  bytes: number
}

/**
 * Appends what is missing to `file`; returns the number of events in it.
 *
 * @throws what `call` throws; `VitrineError('NETWORK_FAILED')` when the connection breaks again and again,
 * `INPUT_UNREADABLE` when the file holds something else. The file stays, for the next try.
 */
export async function downloadEvents(
  file: string,
  { from, to }: EventRange,
  { call, onProgress, signal }: DownloadOptions,
): Promise<number> {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a+')
  try {
    let position = await wholeLines(file)
    for (let breaks = 0; breaks < MAX_BREAKS;) {
      await handle.truncate(position.bytes)
      onProgress?.(position.events)
      const query = new URLSearchParams({
        ...(from !== undefined && { from: String(from) }),
        ...(to !== undefined && { to: String(to) }),
        ...(position.events > 0 && { after: await lastEvent(handle, file, position.bytes) }),
      })
      const answer = await call('GET', `/v1/events/export?${query}`)
      const before = position
      const isWhole = await append(handle, answer, (events) => onProgress?.(before.events + events), signal)
      position = await wholeLines(file)
      if (isWhole) return position.events
      breaks = position.bytes > before.bytes ? 0 : breaks + 1
    }
    throw new VitrineError(
      'NETWORK_FAILED',
      `The connection broke ${MAX_BREAKS} times without an event in between: run the command again later, it goes on where it stopped.`,
    )
  } finally {
    await handle.close()
  }
}

/** Returns false when the connection broke. */
async function append(
  handle: FileHandle,
  answer: Response,
  onEvents: (events: number) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const reader = answer.body?.getReader()
  let events = 0
  for (;;) {
    const chunk = await reader?.read().catch(() => 'broken' as const)
    signal?.throwIfAborted()
    if (chunk === 'broken') return false
    if (!chunk || chunk.done) return true
    await handle.appendFile(chunk.value)
    events += countLines(chunk.value)
    onEvents(events)
  }
}

async function wholeLines(file: string): Promise<Position> {
  let [events, bytes, read] = [0, 0, 0]
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    events += countLines(chunk)
    const end = chunk.lastIndexOf(NEWLINE)
    if (end >= 0) bytes = read + end + 1
    read += chunk.length
  }
  return { events, bytes }
}

/** `device.epoch.seq` of the last of `bytes` bytes of whole lines. */
async function lastEvent(handle: FileHandle, file: string, bytes: number): Promise<string> {
  const start = Math.max(0, bytes - TAIL_BYTES)
  const { buffer } = await handle.read(Buffer.alloc(bytes - start), 0, bytes - start, start)
  const line = buffer.toString().trimEnd().split('\n').at(-1) ?? ''
  try {
    const event: unknown = JSON.parse(line)
    const [device, epoch, seq] = ['device', 'epoch', 'seq'].map((key) => memberOf(event, key))
    if (typeof device === 'string' && typeof epoch === 'string' && Number.isInteger(seq)) {
      return `${device}.${epoch}.${String(seq)}`
    }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw new VitrineError(
    'INPUT_UNREADABLE',
    `${file} is no download of this command: remove it, or choose another folder.`,
  )
}

function countLines(chunk: Uint8Array): number {
  let lines = 0
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}
