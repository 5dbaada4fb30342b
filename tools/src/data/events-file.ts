/** The events file of an import: gzipped NDJSON in order of time, one event a line. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { VitrineError } from '@vitrine/contracts'
import type { ShopEvent } from './clean-row.ts'
import { readLines } from './lines.ts'
import { type OpenInputOptions, openInput } from './open-input.ts'
import { isShopEvent } from './shop-event.ts'

/** Name of the file in an import's folder. */
export const EVENTS_FILE = 'events.ndjson.gz'

const LINES_A_WRITE = 1000

/** Writes `events` to `path`. Level 1 for files read once and thrown away. */
export async function writeEvents(
  path: string,
  events: AsyncIterable<ShopEvent> | Iterable<ShopEvent>,
  { level = 6, signal }: { level?: number; signal?: AbortSignal } = {},
): Promise<void> {
  async function* text(): AsyncGenerator<string> {
    let lines: string[] = []
    for await (const event of events) {
      lines.push(JSON.stringify(event))
      if (lines.length < LINES_A_WRITE) continue
      signal?.throwIfAborted()
      yield lines.join('\n') + '\n'
      lines = []
    }
    if (lines.length > 0) yield lines.join('\n') + '\n'
  }
  await pipeline(Readable.from(text()), createGzip({ level }), createWriteStream(path))
}

/**
 * Reads an events file, many events at a time.
 *
 * @throws `VitrineError('INPUT_UNREADABLE')` naming the first line that is no event; what `openInput` throws.
 */
export async function* readEvents(path: string, options: OpenInputOptions = {}): AsyncGenerator<ShopEvent[]> {
  let line = 0
  for await (const lines of readLines(await openInput(path, options))) {
    yield lines.map((text) => parseShopEvent(text, path, ++line))
  }
}

function parseShopEvent(text: string, path: string, line: number): ShopEvent {
  try {
    const json: unknown = JSON.parse(text)
    if (isShopEvent(json)) return json
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw new VitrineError(
    'INPUT_UNREADABLE',
    `Line ${line} of ${path} is no event: give a file or folder that \`vitrine import\` wrote.`,
  )
}
