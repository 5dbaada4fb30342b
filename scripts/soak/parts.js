/** What `npm run soak` runs, part by part: the tests of `npm test`, longer and with new seeds. */

/**
 * One run of a test runner. Its tests hand over figures; of a file that does not, each passed test counts as one
 * trial of `promise`.
 *
 * @typedef {object} Task
 * @property {'node' | 'browser (chromium)' | 'e2e'} runner
 * @property {readonly string[]} files
 * @property {number} rounds how often, each time with another seed, when no `--minutes` are given
 * @property {number} [promise] for files without figures of their own
 * @property {Readonly<Record<string, string>>} [env]
 */

/** @type {Readonly<Record<string, readonly Task[]>>} */
export const PARTS = {
  kills: [{ runner: 'e2e', files: ['tests/e2e/kills.spec.ts'], rounds: 10 }],
  faults: [
    {
      runner: 'node',
      files: [
        'packages/sdk/test/crash-points.test.ts',
        'packages/sdk/test/retries.test.ts',
        'packages/sdk/test/outage.test.ts',
      ],
      rounds: 1,
    },
    { runner: 'e2e', files: ['tests/e2e/faults.spec.ts'], rounds: 3 },
    {
      runner: 'browser (chromium)',
      files: ['packages/sdk/src/worker/hostile-browser.browser.test.ts'],
      rounds: 1,
      promise: 6,
    },
  ],
  model: [{ runner: 'node', files: ['packages/sdk/test/model.test.ts'], rounds: 3 }],
  server: [
    {
      runner: 'node',
      files: ['packages/cloud/test/kill.test.ts', 'packages/cloud/test/kill-postgres.test.ts'],
      rounds: 4,
    },
    { runner: 'node', files: ['packages/cloud/src/auth/refusals.test.ts'], rounds: 1, promise: 11 },
    { runner: 'node', files: ['packages/cloud/src/routes/rollouts.test.ts'], rounds: 1, promise: 9 },
  ],
  updates: [
    {
      runner: 'node',
      files: ['packages/sdk/test/mutants.test.ts', 'packages/sdk/test/update-kills.test.ts'],
      rounds: 1,
    },
    { runner: 'e2e', files: ['tests/e2e/updates.spec.ts'], rounds: 1 },
  ],
}
