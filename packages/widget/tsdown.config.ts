import { defineConfig, type Rolldown, type UserConfig } from 'tsdown'

/** Takes comments and spare white space out of the style sheet: no minifier looks into strings. */
const denseStyle: Rolldown.Plugin = {
  name: 'dense-style',
  transform: {
    filter: { id: /style\.ts$/u },
    handler: (code) =>
      code.replace(/(?<=`)\s*:host[^`]*/u, (css) =>
        css
          .replace(/\/\*.*?\*\//gsu, '')
          .replace(/\s+/gu, ' ')
          .replace(/ ?([{};,>]) ?/gu, '$1')
          .trim(),
      ),
  },
}

const common: UserConfig = {
  platform: 'browser',
  target: 'es2022',
  sourcemap: true,
  plugins: [denseStyle],
}

export default defineConfig([
  // The import for bundlers; the SDK stays a dependency, so that a shop has it once.
  { ...common, entry: ['src/index.ts'], dts: true },
  // What `window.vitrine` is, for pages that are written in TypeScript.
  { ...common, entry: { vitrine: 'src/script.ts' }, dts: { emitDtsOnly: true }, clean: false },
  // The script tag: one file with everything for the page, and the SDK's worker beside it.
  {
    ...common,
    entry: { vitrine: 'src/script.ts' },
    format: 'iife',
    minify: true,
    dts: false,
    clean: false,
    deps: { alwaysBundle: [/./u] },
    // A classic script has no import.meta; the SDK reads it only where no workerUrl is given, and we give one.
    define: { 'import.meta.url': 'undefined' },
    outputOptions: { entryFileNames: '[name].js' },
    copy: [
      {
        from: ['worker', 'network', 'webgpu', 'scalar', 'placement', 'shard', 'shelves', 'ed25519'].map(
          (file) => `../sdk/dist/${file}.js`,
        ),
        to: 'dist',
      },
    ],
  },
])
