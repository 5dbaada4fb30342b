/** Compiles the read limit, which is AssemblyScript as the kernels are, for pages and programs that have no compiler. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { compileString } from 'assemblyscript/asc'

const SOURCE = new URL('../../../packages/kernels/assembly/read-limit.ts', import.meta.url)

/** @returns the module that `readLimit` takes, as base64 */
export async function compileReadLimit(): Promise<string> {
  const { binary, error } = await compileString(await readFile(SOURCE, 'utf8'), {
    optimizeLevel: 3,
    runtime: 'stub',
    importMemory: true,
    noAssert: true,
    enable: ['simd'],
  })
  if (!binary) {
    throw new Error(`${fileURLToPath(SOURCE)} does not compile: ${error?.message ?? 'no output'}.`, {
      cause: error,
    })
  }
  return Buffer.from(binary).toString('base64')
}
