import { defineConfig } from 'tsdown'

/** One file that stands alone but for its runtime: a page serves it as it is. */
export default defineConfig({
  entry: ['src/index.ts'],
  platform: 'neutral',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  dts: { resolve: [/^@vitrine\//u] },
  deps: { alwaysBundle: [/^@vitrine\//u] },
  inputOptions: { resolve: { conditionNames: ['vitrine-source', 'import', 'default'] } },
})
