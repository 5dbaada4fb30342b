/**
 * Compiles `assembly/index.ts` to WASM, with and without relaxed SIMD, and embeds both as base64 in
 * `src/wasm/binaries.generated.ts`. Does nothing when that file already belongs to the present source.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { main, version } from 'assemblyscript/asc'

const PACKAGE = new URL('../', import.meta.url)
const SOURCE = 'assembly/index.ts'
const TARGET = new URL('src/wasm/binaries.generated.ts', PACKAGE)
const VARIANTS = { simd: ['simd'], relaxedSimd: ['simd', 'relaxed-simd'] }
// No runtime, no imports but the memory: the module is three functions and nothing else.
const FLAGS = ['--runtime', 'stub', '--noAssert', '--optimizeLevel', '3', '--use', 'abort=', '--importMemory']

/**
 * Brings the generated file up to date; says whether it had to.
 * @returns {Promise<boolean>}
 */
export async function buildWasm() {
  const stamp = `// ${await fingerprint()}`
  const present = existsSync(TARGET) ? await readFile(TARGET, 'utf8') : ''
  if (present.startsWith(stamp)) return false
  const parts = [stamp, '/** Compiled from `assembly/` by `scripts/build-wasm.js`; do not edit. */']
  for (const [name, features] of Object.entries(VARIANTS)) {
    const binary = await compile(SOURCE, features)
    parts.push(`export const ${name}: string =\n  '${Buffer.from(binary).toString('base64')}'`)
  }
  // Test runs and builds may come here at the same time: the last complete file wins.
  const draft = new URL(`${TARGET.href}.${process.pid}`)
  await writeFile(draft, `${parts.join('\n')}\n`)
  await rename(draft, TARGET)
  return true
}

async function fingerprint() {
  const hash = createHash('sha256')
  hash.update(version)
  hash.update(await readFile(new URL(SOURCE, PACKAGE)))
  hash.update(await readFile(fileURLToPath(import.meta.url)))
  return hash.digest('hex')
}

/**
 * Compiles one AssemblyScript file of this package; the module imports its memory as `env.memory`.
 * @param {string} source
 * @param {readonly string[]} features
 * @returns {Promise<Uint8Array>}
 */
export async function compile(source, features) {
  /** @type {Uint8Array | undefined} */
  let binary
  const { error } = await main(
    [source, '--outFile', 'out.wasm', ...FLAGS, ...features.flatMap((feature) => ['--enable', feature])],
    {
      readFile: (name) => readFile(new URL(name, PACKAGE), 'utf8').catch(() => null),
      writeFile: (_name, contents) => {
        if (contents instanceof Uint8Array) binary = contents
      },
      listFiles: () => [],
      stderr: process.stderr,
    },
  )
  if (error || !binary) throw new Error(`${source} does not compile: ${error?.message ?? 'no output'}`)
  return binary
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log((await buildWasm()) ? 'WASM kernels compiled.' : 'WASM kernels are up to date.')
}
