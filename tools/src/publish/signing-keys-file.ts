/** The file of signing keys: readable by its owner alone, and never half-written. */
import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { VitrineError } from '@vitrine/contracts'
import { type SigningKeys, parseSigningKeys } from './signing-keys.ts'

/** @throws `VitrineError` `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`. */
export async function readSigningKeys(file: string): Promise<SigningKeys> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new VitrineError(
      'INPUT_NOT_FOUND',
      `Cannot read ${file}: make signing keys by \`vitrine keys signing create\`.`,
      { cause },
    )
  }
  return parseSigningKeys(text, file)
}

/**
 * Writes the keys, in place of the file that is there or, with `create`, only where none is.
 *
 * @throws `VitrineError('OUTPUT_EXISTS')`: keys that are overwritten are gone for ever.
 */
export async function writeSigningKeys(
  file: string,
  keys: SigningKeys,
  { create = false }: { create?: boolean } = {},
): Promise<void> {
  const scratch = `${file}.${randomUUID()}`
  try {
    await writeFile(scratch, JSON.stringify(keys, null, 2) + '\n', { mode: 0o600, flush: true })
    if (create) await link(scratch, file)
    else await rename(scratch, file)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new VitrineError(
      'OUTPUT_EXISTS',
      `${file} is there already: use \`vitrine keys signing rotate\`, or name another file.`,
      { cause },
    )
  } finally {
    await rm(scratch, { force: true })
  }
}
