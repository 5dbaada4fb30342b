import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/node.ts'],
  platform: 'node',
  // The package is of type module: .js, as its exports name it, not .mjs.
  fixedExtension: false,
  dts: true,
  sourcemap: true,
})
