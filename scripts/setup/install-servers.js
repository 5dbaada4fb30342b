/** Servers that the tests start: what is there, or Debian's packages where this machine may install them. */
import { existsSync } from 'node:fs'
import { step, warn } from '../progress.js'
import { aptGet, asRoot } from './debian.js'

/** Name, Debian package, and where that package puts it. */
const SERVERS = [
  { name: 'PostgreSQL', package: 'postgresql', path: '/usr/lib/postgresql' },
  { name: 'OpenStack Swift', package: 'python3-swift', path: '/usr/lib/python3/dist-packages/swift' },
]

const missing = () => SERVERS.filter(({ path }) => !existsSync(path))

/** Installs those that are missing; warns where one cannot be had. @returns {Promise<void>} */
export async function ensureServers() {
  const wanted = missing()
  if (wanted.length === 0) return
  await step(wanted.map(({ name }) => name).join(', '), async () => {
    const root = await asRoot()
    if (root && (await aptGet(root, ['update']))) {
      await aptGet(root, ['install', '-y', '--no-install-recommends', ...wanted.map((one) => one.package)])
    }
    return missing().length === 0 ? 'installed' : 'MISSING'
  })
  for (const { name, package: debian } of missing()) {
    warn(
      `No ${name} can be had on this machine: its tests are skipped. On Debian, install it as root with ` +
        `\`apt-get install --no-install-recommends ${debian}\`.`,
    )
  }
}
