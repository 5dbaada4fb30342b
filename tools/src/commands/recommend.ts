/** `vitrine recommend`: lists for every case of a sessions file, or for one history. */
import type { Command } from 'commander'
import { type Reason, type RecommendResult, VitrineError } from '@vitrine/contracts'
import type { Model } from '@vitrine/recommender'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { integerFrom, list } from './option-values.ts'
import { showProgress } from './progress.ts'
import { figure, table } from './text.ts'

interface RecommendCommandOptions extends SharedOptions {
  model: string
  sessions?: string
  history?: string[]
  placement: string
  anchor?: string
  minPrefix: number
  k: number
  out: string
}

/** Adds the command. */
export function registerRecommend(program: Command, context: CommandContext): void {
  program
    .command('recommend')
    .description('write the lists that a model gives, by the code that the browser runs')
    .requiredOption('--model <dir>', 'revision folder')
    .option('--sessions <file>', 'one session a line: a list for every prefix (gzip too)')
    .option(
      '--history <ids>',
      'items viewed, oldest first, separated by commas: one explained list',
      list,
      undefined,
    )
    .option('--placement <name>', 'with --history: where the shelf stands', 'home')
    .option('--anchor <id>', 'with --history: the item of the page')
    .option('--min-prefix <length>', 'with --sessions: shortest prefix', integerFrom(1), 1)
    .option('--k <number>', 'length of a list', integerFrom(1, 200), 20)
    .option('--out <file>', 'with --sessions: where to write the lines, - for standard output', '-')
    .option('--json', 'print one JSON object: the explained list, or the number of lines')
    .addHelpText(
      'after',
      `
With --sessions every line is {"session":0,"prefix":1,"target":"id","items":["id",…]}: session counts from 0 in
file order, prefix is the number of items before the target.

Examples:
  vitrine recommend --model model --sessions test.txt.gz --k 20 --out lists.ndjson
  vitrine recommend --model model --history 85123A,22423 --k 12
  vitrine recommend --model model --history 85123A --placement similar --anchor 22423 --json`,
    )
    .action(async (options: RecommendCommandOptions) => {
      const { openModel } = await import('./open-model.ts')
      const { sessions, history, out, json } = options
      if ((sessions === undefined) === (history === undefined && options.anchor === undefined)) {
        throw new VitrineError('INVALID_OPTIONS', 'Say what to answer: give either --sessions or --history.')
      }
      if (sessions !== undefined && json && out === '-') {
        throw new VitrineError(
          'INVALID_OPTIONS',
          'With --json the lines need a file of their own: give --out.',
        )
      }
      const model = await openModel(options.model, { signal: context.signal })
      try {
        if (sessions === undefined) await explainOne(model, options, context)
        else await writeLists(model, sessions, options, context)
      } finally {
        model.dispose()
      }
    })
}

async function writeLists(
  model: Model,
  sessions: string,
  options: RecommendCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { readSessionsFile } = await import('../data/session-log.ts')
  const { writeListsOf } = await import('../evaluate/write-lists.ts')
  const { stdin, stdout, signal } = context
  const { k, minPrefix, out } = options
  const progress = showProgress(context, 'recommend')
  try {
    const log = await readSessionsFile(sessions, { stdin, signal })
    const lines = await writeListsOf(model, log, out === '-' ? stdout : out, {
      k,
      minPrefix,
      signal,
      onProgress: (share) => progress.update({ stage: 'ranking', share }),
    })
    progress.stop()
    if (out !== '-') answer(context, options, { lines, out }, `${figure(lines)} lists written to ${out}`)
  } finally {
    progress.stop()
  }
}

async function explainOne(
  model: Model,
  options: RecommendCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { recommend } = await import('@vitrine/recommender')
  const { history = [], placement, anchor, k } = options
  const unknown = [...history, ...(anchor === undefined ? [] : [anchor])].filter(
    (id) => model.catalogue.indexOf(id) === undefined,
  )
  if (unknown.length > 0) {
    context.stderr.write(`The model does not know ${unknown.map((id) => JSON.stringify(id)).join(', ')}.\n`)
  }
  const result = await recommend(
    model,
    { placement, k, ...(anchor !== undefined && { anchor }) },
    history.map((item) => ({ item, type: 'view' })),
  )
  answer(context, options, result, describe(result))
}

function describe({ items, source, revision }: RecommendResult): string {
  const rows = items.map(({ item, score, reasons, details }, place) => [
    `${String(place + 1).padStart(3)}  ${item}  ${details?.title ?? ''}`,
    score.toFixed(3),
    reasons.map(reasonText).join(', '),
  ])
  return `${source}, revision ${revision}\n${table(rows)}`
}

function reasonText(reason: Reason): string {
  const about = 'item' in reason ? ` ${reason.item}` : ''
  return `${reason.kind}${about} ${Math.round(reason.weight * 100)}%`
}
