/** `vitrine keys`: creates, lists and revokes the keys of an endpoint. */
import { type Command, Option } from 'commander'
import type { KeyKind, KeyRecord, Store } from '@vitrine/cloud'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { list } from './option-values.ts'
import { registerSigningKeys } from './signing-keys.ts'
import { type StorageCommandOptions, storageOf, withStorage } from './storage-options.ts'
import { table } from './text.ts'

interface KeysCommandOptions extends SharedOptions, StorageCommandOptions {
  tenant?: string
}

const DEFAULT_TENANT = 'default'

/** Adds the command and its parts. */
export function registerKeys(program: Command, context: CommandContext): void {
  const keys = program
    .command('keys')
    .description('keys of an endpoint, in its own database, and keys that sign revisions, in a file')
    .addHelpText(
      'after',
      `
Examples:
  vitrine keys create --kind publishable --origins https://shop.example,http://localhost:5173
  vitrine keys create --kind secret
  VITRINE_DATABASE=postgres://… vitrine keys list
  vitrine keys revoke abcdefghijkl
  vitrine keys signing create`,
    )
  registerSigningKeys(keys, context)

  withAnswer(keys.command('create'))
    .description('create a key and print it, once')
    .addOption(
      new Option('--kind <kind>', 'publishable stands in pages, secret publishes models')
        .choices(['publishable', 'secret'])
        .makeOptionMandatory(),
    )
    .option('--origins <list>', 'origins of the pages that use a publishable key, separated by commas', list)
    .option('--tokens', 'devices that use the key have to prove who they are')
    .option('--tenant <name>', 'the shop', DEFAULT_TENANT)
    .addHelpText(
      'after',
      '\nExample:\n  vitrine keys create --kind publishable --origins https://shop.example',
    )
    .action(
      async (
        options: KeysCommandOptions & { kind: KeyKind; origins?: string[]; tokens?: boolean; tenant: string },
      ) => {
        const { createKey } = await import('@vitrine/cloud')
        const { kind, origins, tokens = false, tenant } = options
        const { key, record } = await withStore(options, context, (store) =>
          createKey(store, { kind, tenant, needsToken: tokens, ...(origins && { origins }) }),
        )
        const note = kind === 'secret' ? '\nKeep it: it is not shown again, and only its hash is stored.' : ''
        answer(context, options, { key, ...shown(record) }, key + note)
      },
    )

  withAnswer(keys.command('list'))
    .description('list keys by id; their text is not kept')
    .option('--tenant <name>', 'of one shop only')
    .addHelpText('after', '\nExample:\n  vitrine keys list --tenant acme --json')
    .action(async (options: KeysCommandOptions) => {
      const records = await withStore(options, context, (store) => store.listKeys(options.tenant))
      const rows = records.map((record) => {
        const { id, kind, tenant, origins, tokens, created, revoked } = shown(record)
        return [
          id,
          kind,
          tenant,
          created,
          revoked === undefined ? 'good' : `revoked ${revoked}`,
          tokens ? 'with tokens' : '',
          origins.join(' '),
        ]
      })
      answer(
        context,
        options,
        { keys: records.map(shown) },
        rows.length > 0 ? table(rows) : 'There are no keys.',
      )
    })

  withAnswer(keys.command('revoke'))
    .description('revoke a key at once and for good')
    .argument('<key>', 'id of the key, or the whole key')
    .addHelpText('after', '\nExample:\n  vitrine keys revoke abcdefghijkl')
    .action(async (key: string, options: KeysCommandOptions) => {
      const { revokeKey } = await import('@vitrine/cloud')
      await withStore(options, context, (store) => revokeKey(store, key))
      answer(context, options, { revoked: key }, `${key} is revoked.`)
    })
}

function withAnswer(command: Command): Command {
  return withStorage(command).option('--json', 'print the result as JSON')
}

async function withStore<T>(
  options: KeysCommandOptions,
  context: CommandContext,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const { openStorage } = await import('@vitrine/cloud/node')
  const { store } = await openStorage(storageOf(options, context))
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

function shown({ id, kind, tenant, origins, needsToken, createdAt, revokedAt }: KeyRecord): {
  id: string
  kind: KeyKind
  tenant: string
  origins: readonly string[]
  tokens: boolean
  created: string
  revoked?: string
} {
  const revoked = revokedAt === undefined ? undefined : new Date(revokedAt).toISOString()
  const created = new Date(createdAt).toISOString()
  return { id, kind, tenant, origins, tokens: needsToken, created, ...(revoked !== undefined && { revoked }) }
}
