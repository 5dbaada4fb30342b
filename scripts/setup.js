/** `node scripts/setup.js`: packages, a build, browsers and PostgreSQL, as far as each is not there yet. */
import { buildWorkspace, installPackages } from './setup/workspace.js'

await installPackages()
await buildWorkspace()
// Loaded only now: it needs the packages.
const { ensureBrowsers } = await import('./setup/install-browsers.js')
await ensureBrowsers()
const { ensurePostgres } = await import('./setup/install-postgres.js')
await ensurePostgres()
