/** Guards of model updates: integrity, atomicity, signatures. */
import type { Guard } from '../guard.ts'

export const updates: readonly Guard[] = [
  {
    name: 'artifacts-match-their-hash',
    promise: 7,
    file: 'packages/sdk/src/models/integrity.ts',
    find: 'if (digest !== sha256) {',
    replace: 'if (digest === "") {',
    test: 'packages/sdk/src/models/refuse.browser.test.ts',
    only: 'an artifact that rotted in storage is noticed and downloaded anew',
  },
]
