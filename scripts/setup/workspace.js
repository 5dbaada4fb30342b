/** The workspace made ready: packages installed as the lockfile says, everything built; skipped when up to date. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { step } from '../progress.js'
import { ROOT } from '../run-command.js'
import { onceFor } from './fingerprint.js'
import { pnpm } from './pnpm.js'

/** Folders that may hold packages, beside those that hold one package each. */
const PARENTS = ['packages', 'examples', 'tests']

/** @returns {string[]} folders of the workspace that have a package.json, relative to the root */
function packageFolders() {
  const below = PARENTS.flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`),
  )
  return ['tools', ...below].filter((folder) => existsSync(join(ROOT, folder, 'package.json')))
}

/** @param {string} folder @returns {boolean} whether installing leaves a `node_modules` there */
function hasDependencies(folder) {
  /** @type {{ dependencies?: object, devDependencies?: object }} */
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
  return manifest.dependencies !== undefined || manifest.devDependencies !== undefined
}

/** @param {string} folder @returns {boolean} whether `pnpm run build` leaves a `dist` there */
function isBuilt(folder) {
  /** @type {{ scripts?: Record<string, string> }} */
  const { scripts } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'))
  return scripts?.['build'] !== undefined
}

/** Installs what the lockfile names. @returns {Promise<void>} */
export async function installPackages() {
  const folders = packageFolders()
  const manifests = ['.', ...folders].map((folder) => join(folder, 'package.json'))
  await step('Packages', () =>
    onceFor(
      'packages',
      ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests],
      [
        'node_modules/.modules.yaml',
        ...folders.filter((folder) => hasDependencies(folder)).map((folder) => `${folder}/node_modules`),
      ],
      // A fresh clone may hold another tool's node_modules; without a terminal pnpm could not ask.
      () => pnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'], { output: 'keep' }),
    ),
  )
}

/** Builds every package, the tools and the examples. @returns {Promise<void>} */
export async function buildWorkspace() {
  const folders = packageFolders()
  await step('Build', () =>
    onceFor(
      'build',
      ['pnpm-lock.yaml', 'tsconfig.base.json', 'models', ...folders],
      folders.filter((folder) => isBuilt(folder)).map((folder) => `${folder}/dist`),
      () => pnpm(['run', 'build'], { output: 'keep' }),
    ),
  )
}
