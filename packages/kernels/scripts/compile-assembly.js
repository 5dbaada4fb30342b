/** Compiles AssemblyScript to WASM, and embeds it as hex digits in a generated TypeScript file. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { main, version } from 'assemblyscript/asc'

// No runtime, no imports but the memory: a module is its functions and nothing else.
const FLAGS = [
  '--runtime',
  'stub',
  '--noAssert',
  '--converge',
  '--optimizeLevel',
  '3',
  '--use',
  'abort=',
  '--importMemory',
]

/**
 * What to compile: `assembly/index.ts` of the package at `root`, once with each of `variants`' further flags,
 * into `target`, which exports each under its name. `script` is named in the file as what wrote it.
 * @typedef {{ root: URL, target: string, variants: Readonly<Record<string, readonly string[]>>, script: string }} Assembly
 */

/**
 * Brings the generated file up to date; says whether it had to.
 * @param {Assembly} assembly
 * @returns {Promise<boolean>}
 */
export async function buildAssembly({ root, target, variants, script }) {
  const file = new URL(target, root)
  const stamp = `// ${await fingerprint(root, variants)}`
  const present = existsSync(file) ? await readFile(file, 'utf8') : ''
  if (present.startsWith(stamp)) return false
  const parts = [stamp, `/** Compiled from \`assembly/\` by \`${script}\`; do not edit. */`]
  for (const [name, flags] of Object.entries(variants)) {
    const binary = await compile(root, 'assembly/index.ts', flags)
    // Not base64: compressed, hex digits are 40% smaller, because bytes that repeat stay characters that repeat.
    parts.push(`export const ${name}: string =\n  '${Buffer.from(binary).toString('hex')}'`)
  }
  // Test runs and builds may come here at the same time: the last complete file wins.
  const draft = new URL(`${file.href}.${process.pid}`)
  await writeFile(draft, `${parts.join('\n')}\n`)
  await rename(draft, file)
  return true
}

/**
 * @param {URL} root
 * @param {Assembly['variants']} variants
 */
async function fingerprint(root, variants) {
  const hash = createHash('sha256')
  hash.update(version)
  hash.update(JSON.stringify(variants))
  const folder = new URL('assembly/', root)
  const names = await readdir(folder)
  names.sort()
  for (const name of names) {
    if (!name.endsWith('.ts')) continue
    hash.update(`\n${name}\n`)
    hash.update(await readFile(new URL(name, folder)))
  }
  hash.update(await readFile(fileURLToPath(import.meta.url)))
  return hash.digest('hex')
}

/**
 * Compiles one AssemblyScript file of the package at `root`; the module imports its memory as `env.memory`.
 * @param {URL} root
 * @param {string} source
 * @param {readonly string[]} flags
 * @returns {Promise<Uint8Array>}
 */
async function compile(root, source, flags) {
  /** @type {Uint8Array | undefined} */
  let binary
  const { error } = await main([source, '--outFile', 'out.wasm', ...FLAGS, ...flags], {
    readFile: (name) => readFile(new URL(name, root), 'utf8').catch(() => null),
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) binary = contents
    },
    listFiles: () => [],
    stderr: process.stderr,
  })
  if (error || !binary) throw new Error(`${source} does not compile: ${error?.message ?? 'no output'}`)
  return binary
}
