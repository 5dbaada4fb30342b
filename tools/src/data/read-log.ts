/** Reads a file of sessions or of events wherever there are web streams: in a browser from a file that was dropped. */
import { VitrineError } from '@vitrine/contracts'
import { SessionEvents, SessionLines, type SessionLog } from './collect-sessions.ts'
import { isShopEvent } from './shop-event.ts'

const GZIP = [0x1f, 0x8b]

/**
 * Reads one session a line, item ids separated by spaces, or what `vitrine import` wrote: events as NDJSON. Both
 * packed by gzip or not.
 *
 * @throws `VitrineError('INPUT_UNREADABLE')` for broken gzip, and at a line that is no event among events.
 */
export async function readLog(file: Blob): Promise<SessionLog> {
  const start = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer())
  const isPacked = GZIP.every((byte, i) => start[i] === byte)
  const bytes = isPacked ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream()
  const sessions = new SessionLines()
  const events = new SessionEvents()
  let line = 0
  let hasEvents = false
  for await (const text of linesOf(bytes)) {
    line++
    if (line === 1) hasEvents = text.startsWith('{')
    if (hasEvents) events.add(parseEvent(text, line))
    else sessions.add(text.split(/\s+/u).filter((id) => id !== ''))
  }
  return hasEvents ? events.log() : sessions.log()
}

async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const reader = bytes.getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw new VitrineError('INPUT_UNREADABLE', 'The file is no whole gzip: pack it again.', { cause })
    })
    const lines = (rest + decoder.decode(value, { stream: !done })).split('\n')
    rest = done ? '' : lines.pop()!
    for (const text of lines) if (text.trim() !== '') yield text.trim()
    if (done) return
  }
}

function parseEvent(text: string, line: number): Parameters<SessionEvents['add']>[0] {
  try {
    const json: unknown = JSON.parse(text)
    if (isShopEvent(json)) return json
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw new VitrineError(
    'INPUT_UNREADABLE',
    `Line ${line} is no event: give the events.ndjson.gz that \`vitrine import\` wrote, or one session a line.`,
  )
}
