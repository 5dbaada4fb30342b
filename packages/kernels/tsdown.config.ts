import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/webgpu.ts', 'src/scalar.ts', 'src/sharded.ts', 'src/shard.ts'],
  platform: 'neutral',
  dts: true,
  sourcemap: true,
})
