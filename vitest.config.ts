/**
 * Unit tests in Node (`*.test.ts`) and, where a browser's own storage, workers or WASM matter, in real
 * browsers (`*.browser.test.ts`). Packages resolve to their sources, so no build is needed in between.
 */
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions, defaultServerConditions } from 'vite'
import { type TestProjectConfiguration, defineConfig } from 'vitest/config'
import { isCi } from './scripts/ci.js'
import { browserOf } from './scripts/setup/browsers.js'
import { mutateSource } from './tests/trials/mutation.js'

const SOURCE = 'vitrine-source'

/** Compile WASM modules where they are missing or older than their source. */
const KERNELS = 'packages/kernels/scripts/vitest-setup.js'
const TRAINING = 'tools/scripts/vitest-setup.js'

const node: TestProjectConfiguration = {
  plugins: [mutateSource()],
  ssr: { resolve: { conditions: [SOURCE, ...defaultServerConditions] } },
  resolve: { conditions: [SOURCE, ...defaultServerConditions] },
  test: {
    name: 'node',
    globalSetup: [KERNELS, TRAINING],
    environment: 'node',
    include: [
      '{packages,examples}/*/{src,test}/**/*.test.ts',
      'tools/{src,test}/**/*.test.ts',
      'tests/unit/**/*.test.ts',
    ],
    exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
  },
}

/** WebKit is left to the end-to-end tests: WebKitGTK speaks WebDriver only. */
const instances = (['chromium', 'firefox'] as const).flatMap((engine) => {
  const browser = browserOf(engine)
  if (browser?.by !== 'playwright') return []
  return [{ browser: engine, provider: playwright({ launchOptions: browser.launch }) }]
})

const browser: TestProjectConfiguration = {
  plugins: [mutateSource()],
  resolve: { conditions: [SOURCE, ...defaultClientConditions] },
  // They are modules already; bundling them when a worker first asks for one would reload the page amid a test.
  optimizeDeps: {
    exclude: ['@noble/ed25519', 'comlink'],
    include: ['@vitrine/widget > axe-core'],
  },
  test: {
    name: 'browser',
    // Pages beside each other take each other's focus and animation frames.
    fileParallelism: false,
    globalSetup: KERNELS,
    include: ['packages/*/{src,test}/**/*.browser.test.ts'],
    // Set-up installs browsers that have an adapter, if only one in software.
    provide: { mustHaveGpu: isCi() },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright(),
      instances,
    },
  },
}

/** Benchmarks, short: one file at a time, and nothing beside them. */
const perf: TestProjectConfiguration = {
  ...node,
  test: {
    name: 'perf',
    globalSetup: KERNELS,
    environment: 'node',
    fileParallelism: false,
    include: ['tests/perf/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
  },
}

export default defineConfig({
  // A project without any browser would not start; `scripts/test.js` names what is skipped for want of one.
  test: { projects: instances.length > 0 ? [node, browser, perf] : [node, perf] },
})
