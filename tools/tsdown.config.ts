import { defineConfig } from 'tsdown'

export default defineConfig([
  {
    // The thread's script is loaded by its address, not imported: it stays a file of its own.
    entry: {
      bin: 'src/bin.ts',
      'training-node': 'src/training-node.ts',
      'numerics-thread': 'src/train/numerics-thread.js',
    },
    platform: 'node',
    // The package is of type module: .js, as its exports name it, not .mjs.
    fixedExtension: false,
    target: 'node20',
    dts: { entry: ['src/training-node.ts'] },
    sourcemap: true,
  },
  {
    // For browsers, too: nothing of Node is in it.
    entry: { training: 'src/training.ts' },
    platform: 'neutral',
    target: 'es2022',
    dts: true,
    sourcemap: true,
    clean: false,
  },
])
