/** `vitrine publish`: a revision folder goes to an endpoint. */
import type { Command } from 'commander'
import type { Manifest } from '@vitrine/contracts'
import type { PublishReport } from '../publish/publish-revision.ts'
import type { Revision } from '../train/index.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { type EndpointCommandOptions, callerOf, withEndpoint } from './endpoint-options.ts'
import { integerFrom, percent } from './option-values.ts'
import { showProgress } from './progress.ts'
import { figure, table } from './text.ts'

interface PublishCommandOptions extends EndpointCommandOptions, SharedOptions {
  signingKey?: string
  expiresIn: number
  floor?: number
  renew?: boolean
  /** 0 to 1. */
  share?: number
  deltaFrom?: string[]
  encoder?: string
}

const EXPIRES_IN_DAYS = 180

/** Adds the command. */
export function registerPublish(program: Command, context: CommandContext): void {
  withEndpoint(program.command('publish'))
    .description('check a revision, sign it and upload what the endpoint lacks of it')
    .argument('<dir>', 'revision folder')
    .option('--signing-key <file>', 'sign with the newest key of this file (see `vitrine keys signing`)')
    .option('--expires-in <days>', 'of a signed revision', integerFrom(1, 3650), EXPIRES_IN_DAYS)
    .option(
      '--floor <version>',
      'lowest version that devices may go back to (that of the revision before, unless told)',
      integerFrom(0),
    )
    .option(
      '--encoder <file>',
      'with a session encoder of your own: encoder.onnx, or a TensorFlow.js model.json',
    )
    .option('--renew', 'publish the same artifacts anew, under another name and with a new expiry')
    .option('--share <percent>', 'of the devices that get it, 0 to 100; then see `vitrine rollout`', percent)
    .option('--delta-from <dirs...>', 'older revisions that devices may still have, beside the active one')
    .option('--json', 'print what was uploaded as JSON')
    .addHelpText(
      'after',
      `
Examples:
  VITRINE_KEY=sk_live_… vitrine publish model --signing-key signing-keys.json --endpoint https://edge.shop.example
  vitrine publish model --encoder encoder.onnx --endpoint https://edge.shop.example
  vitrine publish models/online-retail/r1 --endpoint http://127.0.0.1:8787 --key sk_live_… --json`,
    )
    .action(async (folder: string, options: PublishCommandOptions) => {
      const { publishRevision } = await import('../publish/publish-revision.ts')
      const { readRevision } = await import('../train/index.ts')
      const call = await callerOf(options, context)
      const sign = await signerOf(options, context.now)
      const trained = await readRevision(folder)
      const revision =
        options.encoder === undefined ? trained : await encodedBy(options.encoder, trained, context)
      const bases = await Promise.all((options.deltaFrom ?? []).map((base) => readRevision(base)))
      const progress = showProgress(context, 'publish')
      try {
        const report = await publishRevision(revision, {
          call,
          bases,
          share: options.share,
          ...(sign && { sign }),
          onProgress: ({ role, share }) => progress.update({ stage: role, share }),
        })
        progress.stop()
        answer(context, options, report, describe(report, options.share))
      } finally {
        progress.stop()
      }
    })
}

async function encodedBy(
  path: string,
  trained: Revision,
  { now, signal }: CommandContext,
): Promise<Revision> {
  const { readEncoderFile } = await import('../export/encoder-file.ts')
  const { withEncoder } = await import('../export/with-encoder.ts')
  const createdAt = new Date(now()).toISOString()
  return withEncoder(trained, await readEncoderFile(path), { createdAt, signal })
}

async function signerOf(
  { signingKey, expiresIn: expiresInDays, floor, renew }: PublishCommandOptions,
  now: () => number,
): Promise<((trained: Manifest, active: Manifest | undefined) => Manifest) | undefined> {
  if (signingKey === undefined) return undefined
  const { readSigningKeys } = await import('../publish/signing-keys-file.ts')
  const { signRevision } = await import('../publish/sign-revision.ts')
  const keys = await readSigningKeys(signingKey)
  return (trained, active) => signRevision(trained, { keys, now: now(), expiresInDays, active, floor, renew })
}

function describe(
  { model, revision, active, signedBy, uploaded, skipped, deltas }: PublishReport,
  share = 1,
): string {
  const rows = [
    ...uploaded.map(({ role, bytes }) => [`  ${role}`, figure(bytes), 'uploaded']),
    ...skipped.map(({ role, bytes }) => [`  ${role}`, figure(bytes), 'already there']),
    ...deltas.map(({ role, from, bytes }) => [`  ${role}`, figure(bytes), `delta from ${from}`]),
  ]
  const signature =
    signedBy === undefined
      ? 'unsigned: pages that pin keys refuse it (--signing-key)'
      : `signed by ${signedBy}`
  const others =
    share < 1 ? `: ${100 * share}% of the devices get ${revision}` : ': roll forward by `vitrine rollout`'
  const notActive = active === revision ? '' : others
  return `${table(rows)}\n${model} ${revision} is published, ${signature}; active is ${active}${notActive}`
}
