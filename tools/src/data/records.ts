/** Reads delimited text and NDJSON as records that know the line they stand on. */
import { parse } from 'csv-parse'
import { VitrineError } from '@vitrine/contracts'
import { readLines } from './lines.ts'

/** One row of the input: fields by column index, a JSON value, or why it cannot be parsed. */
export interface SourceRecord {
  /** Line of the unpacked input, from 1. A quoted field that spans lines is counted at its last. */
  line: number
  fields?: readonly string[]
  json?: unknown
  problem?: string
}

/** How the input is written. */
export type InputFormat = 'csv' | 'ndjson'

/** A format with all that reading needs. */
export interface InputDialect {
  format: InputFormat
  /** Between two fields of a line; `,` where missing. */
  separator?: string
}

const SEPARATORS = [',', '\t', ';', '|']
// A quote that never closes would otherwise swallow the rest of the file into one field.
const MAX_RECORD_CHARACTERS = 1 << 20
const OPEN_QUOTE = new Set(['CSV_MAX_RECORD_SIZE', 'CSV_QUOTE_NOT_CLOSED'])

/** Guesses the dialect from the first line: JSON objects start with `{`, else the most frequent separator wins. */
export function guessDialect(firstLine: string): InputDialect {
  if (firstLine.trimStart().startsWith('{')) return { format: 'ndjson' }
  let separator = ','
  let most = 0
  for (const candidate of SEPARATORS) {
    const count = firstLine.split(candidate).length - 1
    if (count > most) [most, separator] = [count, candidate]
  }
  return { format: 'csv', separator }
}

/** Returns the first line of `bytes`, and a stream that still starts with it. */
export async function peekFirstLine(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ firstLine: string; bytes: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]()
  const seen: Uint8Array[] = []
  let length = 0
  while (length < MAX_RECORD_CHARACTERS) {
    const next = await iterator.next()
    if (next.done) break
    seen.push(next.value)
    length += next.value.length
    if (next.value.includes(0x0a)) break
  }
  const text = Buffer.concat(seen).toString('utf8')
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* seen
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return { firstLine: text.split(/\r?\n/u, 1)[0]?.replace(/^\uFEFF/u, '') ?? '', bytes: whole() }
}

/** Yields one record a line of NDJSON; blank lines are skipped. */
export async function* readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SourceRecord[]> {
  let line = 0
  for await (const lines of readLines(bytes)) {
    const records: SourceRecord[] = []
    for (const text of lines) {
      line += 1
      if (text.trim() === '') continue
      records.push(parseJson(text, line))
    }
    yield records
  }
}

function parseJson(text: string, line: number): SourceRecord {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? { line, json } : { line, problem: 'not a JSON object' }
  } catch {
    return { line, problem: 'not JSON' }
  }
}

/** Yields the header's record first, then one record a row; a row with another number of fields is a problem. */
export async function* readDelimited(
  bytes: AsyncIterable<Uint8Array>,
  separator: string,
): AsyncGenerator<SourceRecord[]> {
  let batch: SourceRecord[] = []
  let width = 0
  let lastLine = 0
  const parser = parse({
    bom: true,
    delimiter: separator,
    max_record_size: MAX_RECORD_CHARACTERS,
    // An inch sign in a title is not a broken row.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_record: (fields: string[], { lines }) => {
      if (width === 0) width = fields.length
      if (fields.length === width) batch.push({ line: lines, fields })
      else reject(lines, 'another number of fields than the header')
      lastLine = lines
      // Nothing goes on into the parser's own output: batches cost no promise a row.
      return null
    },
    on_skip: (error) => {
      const lines = Number(error?.['lines'] ?? lastLine + 1)
      // What an open quote swallowed is gone for good, so this is no matter of one bad row.
      if (error && OPEN_QUOTE.has(error.code)) parser.destroy(error)
      else reject(lines, error?.code ?? 'not delimited text')
      lastLine = lines
      return undefined
    },
  })
  /** A stray quote makes one record of many lines: each of them counts as a row that does not parse. */
  function reject(line: number, problem: string): void {
    for (let l = Math.min(lastLine + 1, line); l <= line; l++) batch.push({ line: l, problem })
  }
  const failed = new Promise<never>((_, reject) => {
    parser.once('error', (cause: Error & { lines?: number }) =>
      reject(
        new VitrineError(
          'INPUT_UNREADABLE',
          `The input is no delimited text up to line ${cause.lines ?? '?'} (${cause.message}): check its quotes and its --separator.`,
          { cause },
        ),
      ),
    )
  })
  failed.catch(() => {
    // Every race below throws it; an error between two races must not count as unhandled.
  })
  try {
    for await (const chunk of bytes) {
      await Promise.race([new Promise<void>((done) => parser.write(chunk, () => done())), failed])
      if (batch.length > 0) yield batch
      batch = []
    }
    parser.resume()
    await Promise.race([new Promise<void>((done) => parser.once('end', done).end()), failed])
    if (batch.length > 0) yield batch
  } finally {
    parser.destroy()
  }
}
