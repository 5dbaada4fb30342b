/** Compiles the kernels to WASM, with and without relaxed SIMD, where they are older than their source. */
import { fileURLToPath } from 'node:url'
import { buildAssembly } from './compile-assembly.js'

/** Says whether anything had to be compiled. */
export function buildWasm() {
  return buildAssembly({
    root: new URL('../', import.meta.url),
    target: 'src/wasm/binaries.generated.ts',
    variants: {
      // What the pass over all rows calls says `@inline`; of the rest, the fewest bytes.
      simd: ['--shrinkLevel', '1', '--enable', 'simd'],
      relaxedSimd: ['--shrinkLevel', '1', '--enable', 'simd', '--enable', 'relaxed-simd'],
    },
    script: 'scripts/build-wasm.js',
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log((await buildWasm()) ? 'WASM kernels compiled.' : 'WASM kernels are up to date.')
}
