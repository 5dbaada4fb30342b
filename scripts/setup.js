/** `node scripts/setup.js`: packages, a build, browsers and servers for the tests, as far as each is not there yet. */
import { buildWorkspace, installPackages } from './setup/workspace.js'

await installPackages()
await buildWorkspace()
// Loaded only now: it needs the packages.
const { ensureBrowsers } = await import('./setup/install-browsers.js')
await ensureBrowsers()
const { ensureServers } = await import('./setup/install-servers.js')
await ensureServers()
