/**
 * End-to-end tests: one set of scenarios, one project per engine. Scenarios know a `Visitor`, not the driver
 * behind it, so that WebKitGTK (WebDriver) runs the same as Chromium and Firefox (Playwright).
 */
import { defineConfig } from '@playwright/test'
import { isCi } from './scripts/ci.js'
import { type Engine, ENGINES } from './scripts/setup/browsers.js'

export default defineConfig<object, { engine: Engine }>({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  forbidOnly: isCi(),
  // A retry would hide what these tests are for.
  retries: 0,
  // Two cores are what CI has; a browser with its workers fills one.
  workers: 2,
  // A visit takes seconds; a busy machine with two cores, minutes.
  timeout: 180_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  projects: ENGINES.map((engine) => ({
    name: engine,
    use: { engine },
    // WebKit has no profile of ours to start on again after a kill.
    testIgnore: engine === 'webkit' ? ['**/kills.spec.ts', '**/erasures.spec.ts'] : [],
  })),
})
