/** `vitrine inspect`: what is in a revision, and whether it is whole and computes what it should. */
import type { Command } from 'commander'
import { VitrineError } from '@vitrine/contracts'
import type { ItemReport, RevisionReport } from '../evaluate/inspect-revision.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { figure, table } from './text.ts'

interface InspectCommandOptions extends SharedOptions {
  item?: string
}

/** Adds the command. */
export function registerInspect(program: Command, context: CommandContext): void {
  program
    .command('inspect')
    .description('show what a revision holds; check its hashes and its self-test')
    .argument('<dir>', 'revision folder')
    .option('--item <id>', 'also show the neighbours of an item')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  vitrine inspect model
  vitrine inspect models/online-retail/r1 --item 85123A --json`,
    )
    .action(async (folder: string, options: InspectCommandOptions) => {
      const { inspectItem, inspectRevision } = await import('../evaluate/inspect-revision.ts')
      const { loadModel } = await import('@vitrine/recommender')
      const { verifyArtifacts } = await import('../publish/verify.ts')
      const { readRevision } = await import('../train/index.ts')
      const { item } = options
      const revision = await readRevision(folder)
      verifyArtifacts(revision)
      const model = await loadModel(revision.manifest, revision.artifacts, { signal: context.signal })
      try {
        if (item !== undefined && model.catalogue.indexOf(item) === undefined) {
          throw new VitrineError('NOT_FOUND', `The model has no item "${item}": check the id.`)
        }
        const report = await inspectRevision(folder, revision, model)
        const about = item === undefined ? undefined : await inspectItem(model, item)
        answer(context, options, { ...report, ...(about && { item: about }) }, describe(report, about))
      } finally {
        model.dispose()
      }
    })
}

function describe(report: RevisionReport, about: ItemReport | undefined): string {
  const { starter } = report
  const lines = [
    `${report.model} ${report.revision}, created ${report.created}`,
    `${figure(report.items)} items, ${report.dimension} dimensions, ${figure(report.edges)} graph edges, ${figure(report.bytes)} bytes`,
    ...(starter
      ? [
          `a starter of ${figure(starter.items)} items serves the first lists: ${figure(starter.transferred_bytes)} bytes as transferred`,
        ]
      : []),
    `hashes right, self-test passed on ${report.device} with ${report.golden_cases} golden cases`,
    ...(report.attribution === undefined ? [] : [report.attribution]),
    '',
    table([
      ['artifact', 'bytes', 'type', 'shape', 'largest error / range'],
      ...report.artifacts.map(({ role, bytes, dtype, shape, max_error_over_range: error }) => [
        role,
        figure(bytes),
        dtype,
        shape.join(' × '),
        error === undefined ? '' : error.toExponential(2),
      ]),
    ]),
  ]
  const metrics = Object.entries(report.metrics)
  if (metrics.length > 0) {
    lines.push('', 'Metrics as training measured them:')
    lines.push(table(metrics.map(([name, value]) => [`  ${name}`, String(value)])))
  }
  if (about) lines.push('', ...describeItem(about))
  return lines.join('\n')
}

function describeItem({ id, title, category, price, graph, embedding }: ItemReport): string[] {
  const facts = [title, category, price?.toFixed(2)].filter((fact) => fact !== undefined)
  return [
    `${id}: ${facts.join(', ')}`,
    'After it (graph):',
    weighted(graph),
    'Like it (embedding):',
    weighted(embedding),
  ]
}

function weighted(items: ItemReport['graph']): string {
  return table(items.map(({ id, title, weight }) => [`  ${id}  ${title}`, weight.toFixed(3)]))
}
