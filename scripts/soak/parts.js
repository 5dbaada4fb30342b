/** What `npm run soak` runs, part by part: the tests of `npm test`, longer and with new seeds. */

/**
 * One run of a test runner, whose tests hand over what they counted.
 *
 * @typedef {object} Task
 * @property {'node' | 'browser' | 'e2e'} runner
 * @property {readonly string[]} files
 * @property {number} [minutes] repeated with new seeds for so long; once where missing
 */

/** @type {Readonly<Record<string, readonly Task[]>>} */
export const PARTS = {
  kills: [{ runner: 'e2e', files: ['tests/e2e/kills.spec.ts', 'tests/e2e/erasures.spec.ts'] }],
  faults: [
    {
      runner: 'node',
      files: [
        'packages/sdk/test/crash-points.test.ts',
        'packages/sdk/test/retries.test.ts',
        'packages/sdk/test/outage.test.ts',
      ],
    },
    { runner: 'e2e', files: ['tests/e2e/faults.spec.ts', 'tests/e2e/quota.spec.ts'] },
    { runner: 'browser', files: ['packages/sdk/src/worker/hostile-browser.browser.test.ts'] },
  ],
  model: [{ runner: 'node', files: ['packages/sdk/test/model.test.ts'], minutes: 60 }],
  server: [
    {
      runner: 'node',
      files: ['packages/cloud/test/kill.test.ts', 'packages/cloud/test/kill-postgres.test.ts'],
    },
    {
      runner: 'node',
      files: ['packages/cloud/src/auth/refusals.test.ts', 'packages/cloud/src/routes/rollouts.test.ts'],
    },
  ],
  updates: [
    {
      runner: 'node',
      files: ['packages/sdk/test/mutants.test.ts', 'packages/sdk/test/update-kills.test.ts'],
    },
    { runner: 'e2e', files: ['tests/e2e/updates.spec.ts'] },
  ],
  // The check that follows every part.
  guards: [],
}
