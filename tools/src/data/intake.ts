/** Reads the files of an import in turn and keeps count of what becomes of each row. */
import type { Readable } from 'node:stream'
import { VitrineError } from '@vitrine/contracts'
import { CatalogueBuilder } from './catalogue.ts'
import { type CleaningRules, type ShopEvent, cleanRow } from './clean-row.ts'
import { type Columns, type SourceRow, readerOfFields, readerOfObjects } from './columns.ts'
import { type InputProgress, openInput } from './open-input.ts'
import {
  type InputDialect,
  type SourceRecord,
  guessDialect,
  peekFirstLine,
  readDelimited,
  readNdjson,
} from './records.ts'
import { Tally, describeReasons } from './tally.ts'

/** What to read. */
export interface IntakeInput extends CleaningRules {
  /** Paths, read one after the other; `-` is standard input. */
  files: readonly string[]
  columns: Columns
  /** Guessed from each file's first line where missing. */
  dialect?: Partial<InputDialect>
  /** Reads a JSON object as any number of rows, in place of `columns`. */
  rowsOf?: (json: unknown) => SourceRow[]
}

/** How to read. */
export interface IntakeOptions {
  stdin?: Readable
  onProgress?: (progress: InputProgress & { file: string; rows: number }) => void
  signal?: AbortSignal
}

/** After so many rows of which most do not parse, the mapping is wrong and the rest need not be read. */
const HOPELESS_ROWS = 1000

/** One pass over all files; its counts are whole when `events()` has ended. */
export class Intake {
  readonly catalogue: CatalogueBuilder = new CatalogueBuilder()
  readonly dropped: Tally = new Tally()
  readonly unparsable: Tally = new Tally()
  rows = 0
  readonly #input: IntakeInput
  readonly #options: IntakeOptions

  constructor(input: IntakeInput, options: IntakeOptions) {
    this.#input = input
    this.#options = options
  }

  async *events(): AsyncGenerator<ShopEvent[]> {
    for (const file of this.#input.files) yield* this.#eventsOf(file)
  }

  async *#eventsOf(file: string): AsyncGenerator<ShopEvent[]> {
    const { stdin, onProgress, signal } = this.#options
    const opened = await openInput(file, {
      ...(stdin && { stdin }),
      ...(signal && { signal }),
      onProgress: (progress) => onProgress?.({ ...progress, file, rows: this.rows }),
    })
    const { firstLine, bytes } = await peekFirstLine(opened)
    const { format, separator = ',' } = { ...guessDialect(firstLine), ...this.#input.dialect }
    const { columns, rowsOf } = this.#input
    if (format === 'ndjson') {
      const read = rowsOf ?? wrap(readerOfObjects(columns))
      for await (const records of readNdjson(bytes)) {
        yield this.#clean(records, ({ json }) => read(json))
      }
      return
    }
    let read: ((fields: readonly string[]) => SourceRow) | undefined
    for await (const records of readDelimited(bytes, separator)) {
      if (!read) {
        const header = records.shift()?.fields ?? []
        read = readerOfFields(
          columns,
          header.map((name) => name.trim()),
        )
      }
      const reader = read
      yield this.#clean(records, ({ fields }) => [reader(fields ?? [])])
    }
  }

  #clean(records: readonly SourceRecord[], rowsOf: (record: SourceRecord) => SourceRow[]): ShopEvent[] {
    const events: ShopEvent[] = []
    for (const record of records) {
      this.rows += 1
      if (record.problem !== undefined) {
        this.#bad(record.problem, record.line)
        continue
      }
      for (const row of rowsOf(record)) {
        const cleaned = cleanRow(row, this.#input)
        if (cleaned.kind === 'event') {
          this.catalogue.add(cleaned.event, cleaned.facts)
          events.push(cleaned.event)
        } else if (cleaned.kind === 'dropped') this.dropped.add(cleaned.reason, record.line)
        else this.#bad(cleaned.reason, record.line)
      }
    }
    return events
  }

  #bad(reason: string, line: number): void {
    this.unparsable.add(reason, line)
    if (this.rows >= HOPELESS_ROWS && this.unparsable.rows > this.rows / 2) this.judge(0.5)
  }

  /** @throws `VitrineError('TOO_MANY_BAD_ROWS')` when more than the share `maxBad` of rows did not parse. */
  judge(maxBad: number): void {
    if (this.unparsable.rows <= maxBad * this.rows) return
    throw new VitrineError(
      'TOO_MANY_BAD_ROWS',
      `${this.unparsable.rows} of ${this.rows} rows do not parse (${describeReasons(this.unparsable.counts())}): ` +
        'correct the columns, the separator or the file, or allow more by --max-bad.',
    )
  }
}

function wrap(read: (json: unknown) => SourceRow): (json: unknown) => SourceRow[] {
  return (json) => [read(json)]
}
