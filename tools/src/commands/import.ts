/** `vitrine import`: a shop's export, or what an endpoint collected, becomes clean events and a catalogue. */
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { EVENT_TYPES, type EventType, VitrineError } from '@vitrine/contracts'
import type { ImportReport } from '../data/import-files.ts'
import type { DateOrder } from '../data/field-values.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { callerOf } from './endpoint-options.ts'
import { date, fraction, milliseconds } from './option-values.ts'
import { showProgress } from './progress.ts'
import { duration, figure, table } from './text.ts'

interface ImportCommandOptions extends SharedOptions {
  out: string
  preset?: string
  columns?: string
  separator?: string
  format?: 'csv' | 'ndjson'
  type?: EventType
  dateOrder?: DateOrder
  gap?: number
  maxBad: number
  force?: boolean
  fromEndpoint?: string
  key?: string
  since?: number
  until?: number
}

/** Adds the command. */
export function registerImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description('clean an order or click log (CSV, TSV, NDJSON; gzip too) into events and a catalogue')
    .argument('[files...]', 'files of one form, or - for standard input')
    .requiredOption('--out <dir>', 'folder for events, catalogue and report')
    .option('--preset <name>', 'a known form: online-retail, ga4')
    .option(
      '--columns <map>',
      'FIELD=COLUMN,… for session, user, item, time, type, quantity, price, title, category',
    )
    .option(
      '--separator <character>',
      'between two fields; guessed from the header where missing (\\t for a tab)',
    )
    .addOption(
      new Option('--format <format>', 'guessed from the first line where missing').choices(['csv', 'ndjson']),
    )
    .addOption(
      new Option('--type <type>', 'type of every event where no column says it').choices(EVENT_TYPES),
    )
    .addOption(new Option('--date-order <order>', 'how to read 12/1/2010').choices(['dmy', 'mdy']))
    .option(
      '--gap <duration>',
      'pause that ends a visit where no session is named (default: 30m)',
      milliseconds,
    )
    .option('--max-bad <share>', 'share of rows that may be unparsable', fraction, 0.01)
    .option('--from-endpoint <url>', 'fetch the events that an endpoint collected, in place of files')
    .option('--key <key>', 'a secret key; better VITRINE_KEY, which other users of the machine cannot list')
    .option('--since <date>', 'events that the endpoint received from then on', date)
    .option('--until <date>', 'and before', date)
    .option('--force', 'replace an earlier import in the same folder')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  vitrine import --preset online-retail online_retail.csv.gz --out shop
  vitrine import orders.csv --columns session=order_id,item=sku,time=ordered_at,price=price,title=name --type purchase --out shop
  vitrine import clicks.csv --columns user=visitor,item=product,time=ts --gap 20m --out shop
  bq extract … && vitrine import --preset ga4 events-*.json.gz --out shop
  VITRINE_KEY=sk_live_… vitrine import --from-endpoint https://edge.shop.example --since 2026-10-01 --out shop
  zcat orders.csv.gz | vitrine import - --columns session=order,item=sku,time=date --out shop`,
    )
    .action(async (files: string[], options: ImportCommandOptions) => {
      const report =
        options.fromEndpoint === undefined
          ? await runImport(files, options, context)
          : await importFromEndpoint(options.fromEndpoint, files, options, context)
      answer(context, options, report, describe(report, options.out))
    })
}

/** The download lies in the folder until it is imported: a command that was stopped goes on where it was. */
async function importFromEndpoint(
  endpoint: string,
  files: readonly string[],
  { since, until, key, ...options }: ImportCommandOptions,
  context: CommandContext,
): Promise<ImportReport> {
  if (files.length > 0) {
    throw new VitrineError('INVALID_OPTIONS', 'Give files or --from-endpoint, not both.')
  }
  const { downloadEvents } = await import('../data/download-events.ts')
  const { signal, now } = context
  const call = await callerOf({ endpoint, ...(key !== undefined && { key }) }, context)
  const file = join(options.out, downloadName({ endpoint, since, until }))
  const started = now()
  const progress = showProgress(context, 'download')
  try {
    await downloadEvents(
      file,
      { ...(since !== undefined && { from: since }), ...(until !== undefined && { to: until }) },
      {
        call,
        signal,
        onProgress: (events) =>
          progress.update({ stage: 'events', note: `${figure(events)} in ${duration(now() - started)}` }),
      },
    )
  } finally {
    progress.stop()
  }
  const report = await runImport([file], { preset: 'vitrine', ...options }, context)
  await rm(file)
  return report
}

/** Tells downloads of other endpoints and other times apart. */
function downloadName(what: {
  endpoint: string
  since: number | undefined
  until: number | undefined
}): string {
  const hash = createHash('sha256').update(JSON.stringify(what)).digest('hex')
  return `.download-${hash.slice(0, 16)}.ndjson`
}

async function runImport(
  files: string[],
  options: ImportCommandOptions,
  context: CommandContext,
): Promise<ImportReport> {
  const { importFiles } = await import('../data/import-files.ts')
  const { parseColumns } = await import('../data/columns.ts')
  const { presetOf } = await import('../data/presets.ts')
  const {
    preset: name,
    columns,
    separator,
    format,
    type,
    dateOrder,
    out,
    gap,
    maxBad,
    force = false,
  } = options
  if (name === undefined && columns === undefined) {
    throw new VitrineError('INVALID_OPTIONS', 'Say how to read the input: give --preset or --columns.')
  }
  if (files.length === 0) throw new VitrineError('INVALID_OPTIONS', 'Name files, or --from-endpoint.')
  const preset = name === undefined ? undefined : presetOf(name)
  const { signal, stdin, now } = context
  const started = now()
  const progress = showProgress(context, 'import')
  try {
    return await importFiles(
      {
        files,
        out,
        columns: { ...preset?.columns, ...(columns !== undefined && parseColumns(columns)) },
        type: type ?? preset?.type ?? 'view',
        ...(dateOrder && { dateOrder }),
        ...(preset?.rule && { rule: preset.rule }),
        ...(preset?.rowsOf && { rowsOf: preset.rowsOf }),
        dialect: {
          ...preset?.dialect,
          ...(format && { format }),
          ...(separator && { separator: separator === '\\t' ? '\t' : separator }),
        },
      },
      {
        maxBad,
        ...(gap !== undefined && { gapMs: gap }),
        force,
        stdin,
        signal,
        onProgress: ({ read, total, rows, file }) => {
          const share = total === undefined ? undefined : read / total
          const place = `${files.indexOf(file) + 1} of ${files.length}`
          progress.update({
            stage: files.length > 1 ? `file ${place}` : 'reading',
            ...(share !== undefined && { share: (files.indexOf(file) + share) / files.length }),
            note: `${figure(rows)} rows in ${duration(now() - started)}`,
          })
        },
      },
    )
  } finally {
    progress.stop()
  }
}

function describe(report: ImportReport, out: string): string {
  const lines = [
    `${figure(report.rows)} rows → ${figure(report.events)} events in ${figure(report.sessions)} sessions` +
      (report.users > 0 ? ` of ${figure(report.users)} users` : '') +
      `, ${figure(report.items)} items, ${report.from.slice(0, 10)} to ${report.through.slice(0, 10)}`,
  ]
  for (const [title, counts] of [
    ['Left out by rule', report.dropped],
    ['Unparsable', report.unparsable],
  ] as const) {
    if (counts.length === 0) continue
    lines.push('', `${title}:`)
    lines.push(
      table(
        counts.map(({ reason, rows, lines }) => [`  ${reason}`, figure(rows), `lines ${lines.join(', ')}`]),
      ),
    )
  }
  lines.push('', 'Categories:')
  lines.push(table(Object.entries(report.categories).map(([name, count]) => [`  ${name}`, figure(count)])))
  lines.push('', `Written to ${out}. Next: vitrine train --events ${out} --out model`)
  return lines.join('\n')
}
