/** `vitrine export`: the session encoder of a revision for other runtimes. */
import type { Command } from 'commander'
import { VitrineError } from '@vitrine/contracts'
import type { ExportReport } from '../export/export-encoder.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { figure } from './text.ts'

interface ExportCommandOptions extends SharedOptions {
  onnx?: string
  tfjs?: string
  force?: boolean
}

/** Adds the command. */
export function registerExport(program: Command, context: CommandContext): void {
  program
    .command('export')
    .description('write the session encoder for another runtime; it is run there first, and must agree')
    .argument('<dir>', 'revision folder')
    .option('--onnx <file>', 'as ONNX, with int8 weights')
    .option('--tfjs <dir>', 'as a TensorFlow.js graph model, with 8-bit weights')
    .option('--force', 'replace what is there')
    .option('--json', 'print what was written as JSON')
    .addHelpText(
      'after',
      `
The runtimes are not part of vitrine: npm install onnxruntime-web, or TensorFlow.js (docs/engines.md).

Examples:
  vitrine export model --onnx encoder.onnx
  vitrine export model --tfjs encoder-tfjs --json`,
    )
    .action(async (folder: string, options: ExportCommandOptions) => {
      const { exportOnnx, exportTfjs } = await import('../export/export-encoder.ts')
      const { readRevision } = await import('../train/index.ts')
      const { onnx, tfjs, force = false } = options
      if (onnx === undefined && tfjs === undefined) {
        throw new VitrineError('INVALID_OPTIONS', 'Say what to write: give --onnx, --tfjs or both.')
      }
      const revision = await readRevision(folder)
      const how = { version: program.version() ?? '', force, signal: context.signal }
      const exported: ExportReport[] = []
      if (onnx !== undefined) exported.push(await exportOnnx(revision, onnx, how))
      if (tfjs !== undefined) exported.push(await exportTfjs(revision, tfjs, how))
      const { id, revision: name } = revision.manifest
      const lines = exported.map(
        ({ engine, bytes, max_difference: difference }) =>
          `${engine}: ${figure(bytes)} bytes, at most ${difference.toExponential(1)} from the built-in encoder`,
      )
      answer(context, options, { model: id, revision: name, exported }, lines.join('\n'))
    })
}
