/**
 * The steps of a Dockerfile on this machine, in a temporary folder that stands for the image's root: the very
 * commands, with the paths of the image turned into paths below that folder.
 */
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { mustRun } from '../run-command.js'
import { stepsOf } from './dockerfile.js'

/** @typedef {import('./dockerfile.js').Stage} Stage */
/** @typedef {import('./dockerfile.js').Step} Step */

/** @param {string} root @param {string} text @returns {string} `text` with its absolute paths below `root` */
export function below(root, text) {
  return text.replaceAll(/(?<=^|[\s="'])\/(?=[\w.])/gu, `${root}/`)
}

/** @param {string} root @param {Stage} stage @returns {string} the folder that its commands run in; it is made */
export function folderOf(root, stage) {
  const folder = join(root, stepsOf(stage, 'WORKDIR').at(-1)?.words[0] ?? '/')
  mkdirSync(folder, { recursive: true })
  return folder
}

/**
 * What a program of an image is given: a PATH without this repository's own commands, and what ENV says.
 *
 * @param {string} root @param {Stage} stage @returns {NodeJS.ProcessEnv}
 */
export function environmentOf(root, stage) {
  const path = process.env['PATH']?.split(':').filter((folder) => !folder.includes('node_modules'))
  const said = stepsOf(stage, 'ENV').flatMap(({ words }) => words.map((word) => word.split('=', 2)))
  return {
    PATH: path?.join(':'),
    ...Object.fromEntries(said.map(([name, value = '']) => [name, below(root, value)])),
  }
}

/**
 * Does what COPY and RUN say in a stage that builds.
 *
 * @param {string} root @param {Stage} stage
 * @param {{ from: string, files: readonly string[] }} context the repository, and what of it a build sees
 * @returns {Promise<void>}
 */
export async function build(root, stage, { from, files }) {
  const folder = folderOf(root, stage)
  const context = join(root, 'context')
  for (const file of files) cpSync(join(from, file), join(context, file), { verbatimSymlinks: true })
  for (const step of stepsOf(stage, 'COPY')) copy(context, step, (path) => resolve(folder, below(root, path)))
  rmSync(context, { recursive: true })
  for (const { text } of stepsOf(stage, 'RUN')) {
    const env = environmentOf(root, stage)
    await mustRun('sh', ['-c', below(root, text)], { cwd: folder, env, output: 'keep' })
  }
}

/** Does what COPY says of another stage. @param {string} builtRoot @param {string} root @param {Stage} image @returns {void} */
export function takeBuilt(builtRoot, root, image) {
  for (const step of stepsOf(image, 'COPY')) copy(builtRoot, step, (path) => join(root, path))
}

/** @param {string} from @param {Step} step @param {(path: string) => string} placeOf @returns {void} */
function copy(from, { words }, placeOf) {
  const target = words.at(-1) ?? '.'
  for (const source of words.slice(0, -1)) {
    const path = join(from, source)
    // Of a folder its contents are copied, a file into what ends in a slash.
    const isInto = statSync(path).isFile() && /(?:^|\/)\.?$/u.test(target)
    const to = isInto ? join(placeOf(target), basename(source)) : placeOf(target)
    cpSync(path, to, { recursive: true, verbatimSymlinks: true })
  }
}
