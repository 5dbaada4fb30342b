import { defineConfig, type UserConfig } from 'tsdown'

/**
 * Two builds, so that each file stands alone: a chunk shared by page entry and worker would have to be found by
 * whoever hosts the worker file. Everything is bundled, so the package has no runtime dependencies; from the
 * other packages' sources, because whole modules that a file does not need are left out more surely than parts.
 */
const alone: UserConfig = {
  platform: 'browser',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  deps: { alwaysBundle: [/./u], onlyBundle: ['comlink', 'idb-keyval', 'valibot'] },
  inputOptions: { resolve: { conditionNames: ['vitrine-source', 'import', 'default'] } },
}

export default defineConfig([
  { ...alone, entry: ['src/index.ts'], dts: { resolve: true } },
  { ...alone, entry: ['src/worker.ts'], dts: false, clean: false },
])
