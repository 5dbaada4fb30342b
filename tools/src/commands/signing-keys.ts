/** `vitrine keys signing`: makes, follows up and lists the keys that sign revisions. */
import type { Command } from 'commander'
import type { SigningKeys } from '../publish/signing-keys.ts'
import { type CommandContext, type SharedOptions, answer } from './context.ts'
import { table } from './text.ts'

const FILE = 'signing-keys.json'

/** Adds the command's parts to `keys`. */
export function registerSigningKeys(keys: Command, context: CommandContext): void {
  const signing = keys
    .command('signing')
    .description('the keys that sign revisions: they never leave the machine that publishes')
    .addHelpText(
      'after',
      `
Examples:
  vitrine keys signing create
  vitrine keys signing rotate
  vitrine keys signing list --json
  vitrine publish model --signing-key ${FILE} --endpoint https://edge.shop.example`,
    )

  signing
    .command('create')
    .description('make a first key, and print what pages pin in trustedKeys')
    .argument('[file]', 'where to keep it, readable by you alone', FILE)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  vitrine keys signing create signing-keys.json')
    .action(async (file: string, options: SharedOptions) => {
      const { createSigningKeys } = await import('../publish/signing-keys.ts')
      const { writeSigningKeys } = await import('../publish/signing-keys-file.ts')
      const made = createSigningKeys(context.now())
      await writeSigningKeys(file, made, { create: true })
      const note = `Kept in ${file}: keep a copy in a safe place. Pages pin the public half:`
      await show(made, { options, context, note })
    })

  signing
    .command('rotate')
    .description('make a new key that signs from now on, vouched for by the one before')
    .argument('[file]', 'file of signing keys', FILE)
    .option('--revoke', 'trust the keys before no more: for a key that may be in wrong hands')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  vitrine keys signing rotate --revoke')
    .action(async (file: string, options: SharedOptions & { revoke?: boolean }) => {
      const { rotateSigningKeys } = await import('../publish/signing-keys.ts')
      const { readSigningKeys, writeSigningKeys } = await import('../publish/signing-keys-file.ts')
      const { revoke = false } = options
      const rotated = rotateSigningKeys(await readSigningKeys(file), { revoke, now: context.now() })
      await writeSigningKeys(file, rotated)
      const note = revoke
        ? 'Devices trust this key alone once you have published with it; revisions signed before are refused:'
        : 'The new key signs from the next publication on; pages need no change, and may pin the new list:'
      await show(rotated, { options, context, note })
    })

  signing
    .command('list')
    .description('list the public keys that devices trust, the one that signs first')
    .argument('[file]', 'file of signing keys', FILE)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  vitrine keys signing list --json')
    .action(async (file: string, options: SharedOptions) => {
      const { readSigningKeys } = await import('../publish/signing-keys-file.ts')
      await show(await readSigningKeys(file), { options, context, note: 'What pages pin in trustedKeys:' })
    })
}

async function show(
  keys: SigningKeys,
  { options, context, note }: { options: SharedOptions; context: CommandContext; note: string },
): Promise<void> {
  const { trustedKeys } = await import('../publish/signing-keys.ts')
  const trusted = trustedKeys(keys)
  const rows = keys.keys.map(({ key, createdAt }) => [
    key,
    createdAt,
    key === trusted[0] ? 'signs' : trusted.includes(key) ? 'trusted' : 'revoked',
  ])
  const result = { trustedKeys: trusted, keySet: keys.keySets.at(-1)?.version ?? 0 }
  answer(context, options, result, `${note}\n${table(rows)}`)
}
