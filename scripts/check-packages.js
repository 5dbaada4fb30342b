/**
 * What users install is what is checked: every public package is packed as it would be published, and publint
 * and arethetypeswrong look at the tarball.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { step, warn } from './progress.js'
import { ROOT, mustRun } from './run-command.js'
import { pnpm } from './setup/pnpm.js'

/**
 * @typedef {object} PackageJson
 * @property {string} name
 * @property {boolean} [private]
 * @property {object} [exports]
 * @property {{ exports?: Record<string, string | object> }} [publishConfig]
 */

const folders = ['tools', ...readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`)]
const tarballs = mkdtempSync(join(tmpdir(), 'vitrine-packages-'))

/** @param {string} folder @returns {Promise<void>} */
async function checkPackage(folder) {
  const cwd = join(ROOT, folder)
  /** @type {PackageJson} */
  const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))
  if (manifest.private) return
  await step(manifest.name, async () => {
    const tarball = join(tarballs, `${manifest.name.replaceAll(/[@/]/gu, '-')}.tgz`)
    await pnpm(['pack', '--out', tarball], { cwd, output: 'keep' })
    await mustRun(bin('publint'), ['run', tarball, '--strict'], { output: 'keep' })
    // A command alone has no types to resolve.
    if (manifest.exports) {
      // 'esm-only' leaves CommonJS out; 'bundler' and Node's own resolution must both find every entry.
      const files = filesIn(manifest)
      const excluded = files.length > 0 ? ['--exclude-entrypoints', ...files] : []
      await mustRun(bin('attw'), [tarball, '--profile', 'esm-only', ...excluded], { output: 'keep' })
    }
  })
}

/**
 * Entries that are files for a browser to load, such as a worker, and nothing to import: they have no types.
 *
 * @param {PackageJson} manifest @returns {string[]}
 */
function filesIn({ publishConfig }) {
  const entries = Object.entries(publishConfig?.exports ?? {})
  return entries.filter(([, target]) => typeof target === 'string').map(([name]) => name)
}

/** @param {string} name @returns {string} */
function bin(name) {
  return join(ROOT, 'node_modules', '.bin', name)
}

let failed = 0
for (const folder of folders) {
  try {
    await checkPackage(folder)
  } catch (error) {
    failed += 1
    warn(error instanceof Error ? error.message : String(error))
  }
}
rmSync(tarballs, { recursive: true })
process.exitCode = failed > 0 ? 1 : 0
