/** PostgreSQL for the tests that kill it: what is there, or Debian's package where this machine may install one. */
import { existsSync } from 'node:fs'
import { step, warn } from '../progress.js'
import { aptGet, asRoot } from './debian.js'

/** Where Debian's packages put a server of each version. */
const DEBIAN_FOLDER = '/usr/lib/postgresql'

/** Installs a server where there is none; warns where none can be had. @returns {Promise<void>} */
export async function ensurePostgres() {
  if (existsSync(DEBIAN_FOLDER)) return
  await step('PostgreSQL', async () => {
    const root = await asRoot()
    if (root && (await aptGet(root, ['update']))) {
      await aptGet(root, ['install', '-y', '--no-install-recommends', 'postgresql'])
    }
    return existsSync(DEBIAN_FOLDER) ? 'installed' : 'MISSING'
  })
  if (existsSync(DEBIAN_FOLDER)) return
  warn(
    'No PostgreSQL can be had on this machine: its tests are skipped. On Debian, install it as root with ' +
      '`apt-get install --no-install-recommends postgresql`.',
  )
}
