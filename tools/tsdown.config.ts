import { defineConfig } from 'tsdown'

export default defineConfig([
  {
    // The threads' scripts are loaded by their addresses, not imported: they stay files of their own.
    entry: {
      bin: 'src/bin.ts',
      'training-node': 'src/training-node.ts',
      'numerics-thread': 'src/train/numerics-thread.js',
      'evaluation-thread': 'src/commands/evaluation-thread.ts',
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
