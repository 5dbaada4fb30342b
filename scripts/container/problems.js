/** What would go wrong with an image, as far as its Dockerfile and the files of the repository tell. */
import { posix } from 'node:path'
import { contextOf, readDockerfile, stepsOf } from './dockerfile.js'

/** @typedef {import('./dockerfile.js').Stage} Stage */
/** @typedef {import('./dockerfile.js').Step} Step */

/**
 * @typedef {object} Surroundings
 * @property {readonly string[]} files of the repository
 * @property {string} ignore the rules of the .dockerignore
 * @property {string} node the oldest Node that the packages take, such as `20.19`
 * @property {number} port where the endpoint listens when nobody names a port
 */

/** @param {string} source @param {Surroundings} surroundings @returns {string[]} a sentence each */
export function problemsOf(source, { files, ignore, node, port }) {
  const stages = readDockerfile(source)
  const image = stages.at(-1)
  if (!image) return ['There is no FROM.']
  const context = contextOf(files, ignore)
  const ofSteps = stages.flatMap(({ steps }) => steps).flatMap(variablesOf)
  const ofCopies = stages
    .flatMap((stage) => stepsOf(stage, 'COPY'))
    .flatMap((step) => copiesAgainst(step, { files, context, stages }))
  const ofBases = stages.flatMap((stage) => basesAgainst(stage, node, stages))
  return [
    ...ofBases,
    ...ofSteps,
    ...ofCopies,
    ...userOf(image),
    ...portsAgainst(image, port),
    ...startOf(image),
  ]
}

/** @param {Step} step @returns {string[]} */
function variablesOf({ keyword, undefinedVariables }) {
  return undefinedVariables.map((name) => `${keyword} uses ${name}, which no ARG or ENV defines.`)
}

/** @param {Stage} stage @param {string} oldest @param {readonly Stage[]} stages @returns {string[]} */
function basesAgainst({ image, tag }, oldest, stages) {
  if (stages.some(({ name }) => name === image)) return []
  if (!image.startsWith('node:')) return [`${image} is no image of Node.`]
  const version = /^(\d+)(?:\.(\d+))?/u.exec(tag)
  if (!version) return [`${image} names no version: another Node would come by itself.`]
  const [major = 0, minor = 0] = oldest.split('.').map(Number)
  const [hasMajor, hasMinor] = [Number(version[1]), version[2] === undefined ? undefined : Number(version[2])]
  // A major version alone is the newest of it, with its security fixes.
  const isOlder = hasMajor < major || (hasMajor === major && hasMinor !== undefined && hasMinor < minor)
  return isOlder ? [`${image} is older than Node ${oldest}.`] : []
}

/**
 * @param {Step} step
 * @param {{ files: readonly string[], context: readonly string[], stages: readonly Stage[] }} of
 * @returns {string[]}
 */
function copiesAgainst({ words, flags }, { files, context, stages }) {
  const sources = words.slice(0, -1)
  if (flags['from'] !== undefined) {
    const stage = stages.find(({ name }) => name === flags['from'])
    if (!stage) return [`COPY takes from ${flags['from']}, which is no stage.`]
    const made = new Set(stage.steps.flatMap((step) => step.words))
    return sources
      .filter((path) => !made.has(path))
      .map((path) => `COPY takes ${path} from ${stage.name}, where no step makes it.`)
  }
  return sources.flatMap((source) => {
    const path = posix.normalize(source).replace(/^\/|\/$/gu, '')
    /** @param {readonly string[]} among @returns {boolean} */
    const isIn = (among) => among.some((file) => path === '.' || file === path || file.startsWith(`${path}/`))
    if (isIn(context)) return []
    if (isIn(files)) return [`COPY takes ${source}, which the .dockerignore leaves out.`]
    return [`COPY takes ${source}, which is not in the repository.`]
  })
}

/** @param {Stage} image @returns {string[]} */
function userOf(image) {
  const user = stepsOf(image, 'USER').at(-1)?.words[0] ?? 'root'
  const [name = ''] = user.split(':')
  if (name === 'root' || name === '0') return ['The endpoint would run as root.']
  const folder = stepsOf(image, 'WORKDIR').at(-1)?.words[0] ?? '/'
  const owns = stepsOf(image, 'RUN').some(({ words }) => {
    const at = words.indexOf('chown')
    return (
      at >= 0 && words.slice(at).some((word) => word.split(':')[0] === name) && words.includes(folder, at)
    )
  })
  return owns ? [] : [`${name} could not write in ${folder}, where the endpoint keeps its data.`]
}

/** @param {Stage} image @param {number} port @returns {string[]} */
function portsAgainst(image, port) {
  const exposed = stepsOf(image, 'EXPOSE').flatMap(({ words }) =>
    words.map((word) => Number.parseInt(word, 10)),
  )
  const check = stepsOf(image, 'HEALTHCHECK').at(-1)
  const asked = /:(\d+)\/health\b/u.exec(check?.text ?? '')
  return [
    ...(exposed.length === 1 && exposed[0] === port
      ? []
      : [`EXPOSE says ${exposed.join(', ') || 'nothing'}; the endpoint listens on ${port}.`]),
    ...(Number(asked?.[1]) === port ? [] : [`HEALTHCHECK does not ask /health on port ${port}.`]),
  ]
}

/** A shell as process 1 would keep SIGTERM to itself. @param {Stage} image @returns {string[]} */
function startOf(image) {
  return ['ENTRYPOINT', 'CMD', 'HEALTHCHECK'].flatMap((keyword) => {
    const step = stepsOf(image, keyword).at(-1)
    return step?.isExec ? [] : [`${keyword} has to be a list, ["…", "…"], which no shell reads.`]
  })
}
