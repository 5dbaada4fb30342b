/** Guards of the behaviour log and of its sending. */
import type { Guard } from '../guard.ts'

const LOG = 'packages/sdk/src/behavior/log.ts'
const SYNC = 'packages/sdk/src/behavior/sync.ts'

export const behavior: readonly Guard[] = [
  {
    name: 'acknowledgements-belong-to-an-epoch',
    promise: 2,
    file: LOG,
    find: 'if (meta?.epoch !== epoch || through < meta.oldest) return',
    replace: 'if (!meta || through < meta.oldest) return',
    test: 'packages/sdk/src/behavior/log.browser.test.ts',
    only: 'an acknowledgement of an erased epoch changes nothing',
  },
  {
    name: 'count-what-overflows',
    promise: 12,
    file: LOG,
    find: 'meta.overflowed++',
    test: 'packages/sdk/src/behavior/log.browser.test.ts',
    only: 'a full log drops its oldest events',
  },
  {
    name: 'honour-retry-after',
    promise: 5,
    file: SYNC,
    find: 'this.#notBefore = now() + retryAfterMs(response.headers, now())',
    replace: 'retryAfterMs(response.headers, now())',
    test: 'packages/sdk/src/behavior/sync.browser.test.ts',
    only: 'Retry-After is honoured on 503',
  },
]
