/** Compiles the numerics of training to WASM where they are older than their source. */
import { fileURLToPath } from 'node:url'
import { buildAssembly } from '../../packages/kernels/scripts/compile-assembly.js'

/** Most memory of one training: 4 GB, all that 32 bits address. Only what is used is taken. */
const MOST_PAGES = 65_536

/** Says whether anything had to be compiled. */
export function buildWasm() {
  return buildAssembly({
    root: new URL('../', import.meta.url),
    target: 'src/train/numerics.generated.ts',
    variants: {
      numerics: [
        '--enable=simd',
        '--enable=threads',
        '--sharedMemory',
        // Vectors cross from file to file here, never to JavaScript.
        '--disableWarning=112',
        '--initialMemory=1',
        `--maximumMemory=${MOST_PAGES}`,
      ],
    },
    script: 'scripts/build-wasm.js',
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log((await buildWasm()) ? 'Training numerics compiled.' : 'Training numerics are up to date.')
}
