import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/bin.ts'],
  platform: 'node',
  // The package is of type module: .js, as its exports name it, not .mjs.
  fixedExtension: false,
  target: 'node20',
  dts: false,
  sourcemap: true,
})
