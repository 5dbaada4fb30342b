/**
 * What deploy/Dockerfile builds is what is checked, without a container engine: its own commands run on a copy of
 * the repository as a build would see it, the sources are taken away, and what is left has to start as the image
 * does, be found healthy, and end on SIGTERM. Root's part (the user, who owns the folder of the data) is left to
 * the rules of `container/problems.js`.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contextOf, readDockerfile, stepsOf, trackedFiles } from './container/dockerfile.js'
import { problemsOf } from './container/problems.js'
import { below, build, environmentOf, folderOf, takeBuilt } from './container/replay.js'
import { startProgram } from './container/start-program.js'
import { step, warn } from './progress.js'
import { ROOT, mustRun, run } from './run-command.js'

/** @typedef {import('./container/dockerfile.js').Stage} Stage */

/** @param {string} name @returns {string} */
function read(name) {
  return readFileSync(join(ROOT, name), 'utf8')
}

/** @param {string} root of the image @param {Stage} image @param {string} keyword @returns {string[]} */
function commandOf(root, image, keyword) {
  return (stepsOf(image, keyword).at(-1)?.words ?? []).map((word) => below(root, word))
}

/** @param {string} root @param {Stage} image @returns {Promise<number>} where the endpoint listens when nobody names a port */
async function defaultPort(root, image) {
  const [program = '', ...args] = commandOf(root, image, 'ENTRYPOINT')
  const help = await mustRun(program, [...args, 'serve', '--help'], { output: 'keep' })
  return Number(/--port <number>[^)]*\(default: (\d+)\)/u.exec(help)?.[1])
}

/** @param {string} root @param {Stage} image @returns {Promise<string>} */
async function startAndStop(root, image) {
  const command = [...commandOf(root, image, 'ENTRYPOINT'), ...commandOf(root, image, 'CMD')]
  // The last of an option counts: here only this machine may reach it, on whatever port is free.
  const endpoint = await startProgram([...command, '--host', '127.0.0.1', '--port', '0'], {
    cwd: folderOf(root, image),
    env: environmentOf(root, image),
  })
  try {
    const response = await fetch(new URL('/health', endpoint.url))
    const answer = `${response.status} ${await response.text()}`
    if (answer !== '200 {"status":"ok"}') throw new Error(`/health answered ${answer}.`)
    const { port } = new URL(endpoint.url)
    const isHealthy = async () => {
      const [program = '', ...args] = commandOf(root, image, 'HEALTHCHECK')
      const asked = args.map((word) => word.replace(/:\d+\/health/u, `:${port}/health`))
      return (await run(program, asked, { output: 'keep' })).code === 0
    }
    if (!(await isHealthy())) throw new Error('HEALTHCHECK says that it is not healthy.')
    const code = await endpoint.stop()
    if (code !== 0) throw new Error(`It ended on SIGTERM with ${code}.`)
    if (await isHealthy()) throw new Error('HEALTHCHECK says that it is healthy, though it has ended.')
    return 'healthy; ended on SIGTERM with code 0'
  } finally {
    await endpoint.stop()
  }
}

async function main() {
  const source = read('deploy/Dockerfile')
  const ignore = read('deploy/Dockerfile.dockerignore')
  const files = trackedFiles(ROOT)
  const stages = readDockerfile(source)
  const image = stages.at(-1)
  if (!image) throw new Error('deploy/Dockerfile has no FROM.')
  // The path without links, as a program sees it that asks where it is.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vitrine-container-')))
  try {
    const root = join(folder, 'image')
    for (const { flags } of stepsOf(image, 'COPY')) {
      const stage = stages.find(({ name }) => name === flags['from'])
      if (!stage) throw new Error('The last stage of deploy/Dockerfile copies only from stages before it.')
      const built = join(folder, stage.name)
      await step(`Stage ${stage.name}`, () =>
        build(built, stage, { from: ROOT, files: contextOf(files, ignore) }),
      )
      takeBuilt(built, root, image)
      rmSync(built, { recursive: true })
    }
    /** @type {{ engines: { node: string } }} */
    const { engines } = JSON.parse(read('package.json'))
    const node = engines.node.replace('>=', '')
    const port = await defaultPort(root, image)
    const problems = problemsOf(source, { files, ignore, node, port })
    if (problems.length > 0) throw new Error(problems.join('\n'))
    await step('Endpoint', () => startAndStop(root, image))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  await main()
} catch (error) {
  warn(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
