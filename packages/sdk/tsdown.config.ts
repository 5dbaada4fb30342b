import { Rolldown, type UserConfig, defineConfig } from 'tsdown'

/**
 * Separate builds, so that each file stands alone: a chunk shared by page entry and worker would have to be found by
 * whoever hosts the worker file. Everything is bundled, so the package has no runtime dependencies; from the
 * other packages' sources, because whole modules that a file does not need are left out more surely than parts.
 */
const alone: UserConfig = {
  platform: 'browser',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  deps: { alwaysBundle: [/./u], onlyBundle: ['@noble/ed25519', 'comlink'] },
  inputOptions: { resolve: { conditionNames: ['vitrine-source', 'import', 'default'] } },
}

/**
 * The minifier drops the comments that tell bundlers to leave the worker's `import()` alone; webpack then warns
 * in every shop's build. Put back last; the map is off by their length for the rest of the one line.
 */
const keepImport: UserConfig['plugins'] = {
  name: 'vitrine:keep-import',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue
      file.code = file.code.replaceAll(/\bimport\((?=\w+\))/gu, '$&/*webpackIgnore:true*//*@vite-ignore*/')
    }
  },
}

/**
 * What only dropped code called is left over after one pass of tree shaking and minifying; another takes it away,
 * three hundred bytes of the worker once compressed.
 */
const secondPass: UserConfig['plugins'] = {
  name: 'vitrine:second-pass',
  async generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk' || !file.fileName.endsWith('.js')) continue
      const { fileName, code, map } = file
      const again = await Rolldown.rolldown({
        input: fileName,
        makeAbsoluteExternalsRelative: false,
        plugins: {
          name: 'vitrine:first-pass',
          resolveId: (id) => (id === fileName ? id : { id, external: true }),
          load: (id) => (id === fileName ? { code, map } : undefined),
        },
      })
      const { output } = await again.generate({ minify: true, sourcemap: true })
      file.code = output[0].code
      file.map = output[0].map
      await again.close()
    }
  },
}

/** Leaves the import of `source` by `importer` to be resolved when it runs: to a file of its own beside this one. */
const apart = (name: string, importer: string): UserConfig['plugins'] => ({
  name: `vitrine:${name}-apart`,
  resolveId: (source, by) =>
    source === `./${name}.ts` && by?.endsWith(importer) ? { id: `./${name}.js`, external: true } : undefined,
})

/** The WebGPU kernel is a file of its own beside the worker, so that whoever never asks for it never loads it. */
const webgpuApart = apart('webgpu', '/kernels/src/create.ts')

/** So is the scalar one, for the few browsers that have no WASM; the worker imports it by an address of its own. */
const scalarApart = apart('scalar', '/kernels/src/load-scalar.ts')

/** And so are shelves that not every page has, with what only some rankers read. */
const shelvesApart = apart('shelves', '/recommender/src/recommender.ts')
const contextApart = apart('context', '/recommender/src/model.ts')

/**
 * What a device never runs: a search in the float32 twin of a model, which `loadModel` has refused by then, and layers
 * that no kernel was made for.
 */
const ONLY_IN_TRAINING = { './float-scan.ts': 'createFloatScan', './plain.ts': 'plainLayers' }
const withoutTraining: UserConfig['plugins'] = {
  name: 'vitrine:without-training',
  resolveId: (source, importer) =>
    source in ONLY_IN_TRAINING && importer?.includes('/recommender/src/') ? `vitrine:no${source}` : undefined,
  load(id) {
    const source = id.replace(/^vitrine:no/u, '')
    if (source === id || !(source in ONLY_IN_TRAINING)) return undefined
    return `export const ${ONLY_IN_TRAINING[source as keyof typeof ONLY_IN_TRAINING]} = undefined`
  },
}

export default defineConfig([
  { ...alone, entry: ['src/index.ts'], dts: { resolve: true }, plugins: [secondPass, keepImport] },
  {
    ...alone,
    entry: ['src/worker.ts'],
    dts: false,
    clean: false,
    plugins: [webgpuApart, scalarApart, shelvesApart, contextApart, withoutTraining, secondPass, keepImport],
  },
  { ...alone, entry: ['src/network.ts'], dts: false, clean: false, plugins: [secondPass, keepImport] },
  { ...alone, entry: ['src/webgpu.ts'], dts: false, clean: false },
  { ...alone, entry: ['src/scalar.ts'], dts: false, clean: false },
  { ...alone, entry: ['src/shelves.ts'], dts: false, clean: false },
  { ...alone, entry: ['src/placement.ts'], dts: false, clean: false },
  { ...alone, entry: ['src/shard.ts'], dts: false, clean: false, plugins: webgpuApart },
  { ...alone, entry: ['src/ed25519.ts'], dts: false, clean: false },
])
