/** Who may import whom: every line of ARCHITECTURE.md's list as a rule that fails the build. */

const packages = [
  'contracts',
  'kernels',
  'recommender',
  'sdk',
  'widget',
  'cloud',
  'engine-onnx',
  'engine-tfjs',
]

/** What each folder may import of the workspace; nothing else. */
const allowed = {
  'packages/contracts': [],
  'packages/kernels': [],
  'packages/recommender': ['contracts', 'kernels'],
  'packages/sdk': ['contracts', 'kernels', 'recommender'],
  'packages/cloud': ['contracts', 'recommender'],
  'packages/engine-onnx': ['contracts', 'recommender'],
  'packages/engine-tfjs': ['contracts', 'recommender'],
  'packages/widget': ['sdk'],
  tools: ['contracts', 'kernels', 'recommender', 'cloud', 'engine-onnx', 'engine-tfjs'],
}

/** A package's public entry is whatever its `exports` name: a file at the top of `src`, or its built form. */
const inside = `^packages/[^/]+/(src|dist)/[^/]+/|^tools/`

const drawer = '(^|/)(utils?|helpers?|common|lib)(/|\\.[cm]?[jt]s$)'

const workspaceRules = Object.entries(allowed).map(([folder, imports]) => ({
  name: `${folder.replace('packages/', '')}-imports-${imports.length === 0 ? 'nothing' : imports.join('-and-')}`,
  comment: `${folder} may import ${imports.length === 0 ? 'no other package' : imports.join(', ')} of the workspace.`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: `^(packages/(${packages.join('|')})|tools|examples|tests|scripts)/`,
    pathNot: [`^${folder}/`, '^tests/trials/', ...imports.map((name) => `^packages/${name}/`)],
  },
}))

/** Parts of the SDK that know nothing of each other: what they need arrives as arguments. */
const sdkParts = ['models', 'behavior', 'placement']

const sdkRules = sdkParts.map((part) => ({
  name: `sdk-${part}-stands-alone`,
  comment: 'models, behavior and placement never import each other; worker/main composes them.',
  severity: 'error',
  from: { path: `^packages/sdk/src/${part}/` },
  to: { path: `^packages/sdk/src/(${[...sdkParts.filter((other) => other !== part), 'worker'].join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...workspaceRules,
    ...sdkRules,
    {
      name: 'page-takes-only-types-of-the-worker',
      comment:
        'What a page loads (the top of sdk/src) may take types from worker/protocol, and worker/spawn to start the worker; the rest of the worker stays out of the page.',
      severity: 'error',
      from: {
        path: '^packages/sdk/src/[^/]+\\.ts$',
        pathNot: '\\.test\\.ts$|^packages/sdk/src/(worker|network|placement)\\.ts$',
      },
      to: {
        path: '^packages/sdk/src/(worker|models|behavior|placement)/',
        pathNot: '^packages/sdk/src/worker/spawn\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'engines-take-only-types-of-the-recommender',
      comment: 'An engine implements the interface; the recommender itself stays out of its file.',
      severity: 'error',
      from: { path: '^packages/engine-[^/]+/src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/recommender/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'packages-by-their-public-entry',
      comment: 'Another package is imported by its name, so that its exports decide what is public.',
      severity: 'error',
      from: { path: '^(packages/[^/]+|tools)/' },
      to: { path: inside, pathNot: ['^$1/'], dependencyTypesNot: ['npm'] },
    },
    {
      name: 'tests-and-examples-by-public-entries',
      comment: 'tests and examples see what a user sees: public entries only.',
      severity: 'error',
      from: { path: '^(tests|examples)/' },
      to: { path: `^packages/[^/]+/(src|dist|test)/|^tools/(src|dist)/`, dependencyTypes: ['local'] },
    },
    {
      name: 'only-tests-import-tests',
      comment: 'Shipped code does not reach into test files or test-only packages.',
      severity: 'error',
      from: { path: '^(packages|tools)/[^/]*/?src/', pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$|/test/|^tests/|node_modules/(vitest|fast-check|playwright|@playwright)/' },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no first file to read.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-drawers',
      comment: 'A folder is named after what is in it: no utils, helpers, common or lib.',
      severity: 'error',
      from: {},
      to: { path: drawer, pathNot: 'node_modules' },
    },
    {
      name: 'no-unused-drawers',
      comment: 'The same for a file that imports others and is imported by none.',
      severity: 'error',
      from: { path: drawer, pathNot: 'node_modules' },
      to: {},
    },
    {
      name: 'no-lonely-drawers',
      comment: 'The same for a file that stands alone.',
      severity: 'error',
      from: { orphan: true, path: drawer, pathNot: 'node_modules' },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'Every import resolves.',
      severity: 'error',
      from: {},
      // `node`: the reference to Node's types. The storefront's import is a URL of its server.
      to: { couldNotResolve: true, pathNot: ['^node$', '^/sdk/'] },
    },
    {
      name: 'declared',
      comment: 'Every library that is imported is declared by the package that imports it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.tsc|coverage|test-results)/|tsbuildinfo$' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['vitrine-source', 'import', 'browser', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
}
