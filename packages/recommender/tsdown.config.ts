import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/shelves.ts'],
  platform: 'neutral',
  dts: true,
  sourcemap: true,
})
