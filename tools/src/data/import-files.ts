/** Imports a shop's export: files in, a folder with events, catalogue and a report out. */
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { VitrineError } from '@vitrine/contracts'
import { CATALOGUE_FILE, writeCatalogue } from './catalogue.ts'
import type { ShopEvent } from './clean-row.ts'
import { checkColumns } from './columns.ts'
import { DistinctCount } from './distinct-count.ts'
import { EVENTS_FILE, writeEvents } from './events-file.ts'
import { Intake, type IntakeInput, type IntakeOptions } from './intake.ts'
import { sortByTime } from './sort-by-time.ts'
import { type DropCount, describeReasons } from './tally.ts'
import { VISIT_GAP_MS, visitNumberer } from './visits.ts'

/** Name of the report in an import's folder. */
const IMPORT_FILE = 'import.json'

/** What to import. */
export interface ImportInput extends IntakeInput {
  /** Folder to write; made where it is missing. */
  out: string
}

/** How to import. */
export interface ImportOptions extends IntakeOptions {
  /** Share of rows that may be unparsable, 0 to 1. */
  maxBad?: number
  /** Milliseconds without an event that end a visit, where no session is named. */
  gapMs?: number
  /** Replace an earlier import in the same folder. */
  force?: boolean
}

/** What came of it; `import.json` holds the same. */
export interface ImportReport {
  files: string[]
  /** Rows read, headers and blank lines apart. */
  rows: number
  events: number
  sessions: number
  /** Distinct users; 0 where the input names none. Over a million, sessions and users are within 0.1%. */
  users: number
  items: number
  /** ISO 8601, first and last event. */
  from: string
  through: string
  /** Rows that a rule left out, by reason. */
  dropped: DropCount[]
  /** Rows with a value that is not what its column should hold, by reason. */
  unparsable: DropCount[]
  /** Items by category, most first. */
  categories: Record<string, number>
}

const DEFAULT_MAX_BAD = 0.01

/**
 * Imports `files` into the folder `out`: events in order of time, a catalogue, a report. Nothing appears
 * under its final name before all is written; a cancelled or failed import leaves nothing behind.
 *
 * @throws `VitrineError` `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, `COLUMN_MISSING`, `TOO_MANY_BAD_ROWS`,
 * `TOO_LITTLE_DATA` when no event is left, `OUTPUT_EXISTS`.
 */
export async function importFiles(input: ImportInput, options: ImportOptions = {}): Promise<ImportReport> {
  const { maxBad = DEFAULT_MAX_BAD, gapMs = VISIT_GAP_MS, force = false, signal } = options
  if (!input.rowsOf) checkColumns(input.columns)
  const out = resolve(input.out)
  if (!force && (await exists(join(out, EVENTS_FILE)))) {
    throw new VitrineError(
      'OUTPUT_EXISTS',
      `${out} holds an import already: choose another folder or --force.`,
    )
  }
  const created = await mkdir(out, { recursive: true })
  const scratch = await mkdtemp(join(out, '.import-'))
  try {
    const intake = new Intake(input, options)
    const visit = visitNumberer(gapMs)
    const summary = new Summary()
    async function* ordered(): AsyncGenerator<ShopEvent> {
      for await (const event of sortByTime(intake.events(), {
        directory: scratch,
        ...(signal && { signal }),
      })) {
        visit(event)
        summary.add(event)
        yield event
      }
    }
    await writeEvents(join(scratch, EVENTS_FILE), ordered(), signal ? { signal } : {})
    intake.judge(maxBad)
    const catalogue = intake.catalogue.build()
    const report: ImportReport = {
      files: [...input.files],
      rows: intake.rows,
      ...summary.figures(),
      items: catalogue.length,
      dropped: intake.dropped.counts(),
      unparsable: intake.unparsable.counts(),
      categories: countBy(catalogue.map(({ category }) => category ?? 'None')),
    }
    if (report.events === 0) {
      throw new VitrineError(
        'TOO_LITTLE_DATA',
        `None of ${report.rows} rows became an event (${describeReasons(report.dropped)}): check the columns and the preset.`,
      )
    }
    await writeCatalogue(join(scratch, CATALOGUE_FILE), catalogue)
    await writeFile(join(scratch, IMPORT_FILE), JSON.stringify(report, null, 2) + '\n')
    signal?.throwIfAborted()
    for (const name of [CATALOGUE_FILE, IMPORT_FILE, EVENTS_FILE]) {
      await rename(join(scratch, name), join(out, name))
    }
    await rm(scratch, { recursive: true })
    return report
  } catch (error) {
    await rm(created ?? scratch, { recursive: true, force: true })
    throw error
  }
}

/** Counts what passes by. */
class Summary {
  readonly #sessions = new DistinctCount()
  readonly #users = new DistinctCount()
  #events = 0
  #from = 0
  #through = 0

  add({ at, session, user }: ShopEvent): void {
    if (this.#events === 0) this.#from = at
    this.#through = at
    this.#events += 1
    this.#sessions.add(session)
    if (user !== undefined) this.#users.add(user)
  }

  figures(): Pick<ImportReport, 'events' | 'sessions' | 'users' | 'from' | 'through'> {
    return {
      events: this.#events,
      sessions: this.#sessions.count,
      users: this.#users.count,
      from: new Date(this.#from).toISOString(),
      through: new Date(this.#through).toISOString(),
    }
  }
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Object.fromEntries([...counts].toSorted((a, b) => b[1] - a[1]))
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
