/** A Dockerfile as its stages and their steps, and the files of the repository that it gets to see. */
import { execFileSync } from 'node:child_process'
import ignoreRules from '@balena/dockerignore'
import { DockerfileParser } from 'dockerfile-ast'

/**
 * @typedef {object} Step one instruction
 * @property {string} keyword in capitals
 * @property {string} text what follows the keyword and its flags, in one line
 * @property {readonly string[]} words its arguments; of the form `["a", "b"]` the strings
 * @property {boolean} isExec whether it has that form, which no shell reads
 * @property {Readonly<Record<string, string>>} flags such as `{ from: 'build' }`
 * @property {readonly string[]} undefinedVariables what it uses though neither ARG nor ENV says it
 *
 * @typedef {object} Stage
 * @property {string} image such as `node:22-bookworm-slim`
 * @property {string} tag empty where there is none
 * @property {string} name empty where there is none
 * @property {readonly Step[]} steps without FROM
 */

/** What every shell of an image has. */
const OF_THE_SHELL = new Set(['HOME', 'PATH', 'PWD'])

/** @param {string} source @returns {Stage[]} in their order; the last is the image */
export function readDockerfile(source) {
  /** @type {(Stage & { steps: Step[] })[]} */
  const stages = []
  const dockerfile = DockerfileParser.parse(source)
  const from = dockerfile.getFROMs()
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction.getKeyword() === 'FROM') {
      const stage = from[stages.length]
      stages.push({
        image: stage?.getImage() ?? '',
        tag: stage?.getImageTag() ?? '',
        name: stage?.getBuildStage() ?? '',
        steps: [],
      })
    } else stages.at(-1)?.steps.push(stepOf(instruction))
  }
  return stages
}

/** @param {import('dockerfile-ast').Instruction} instruction @returns {Step} */
function stepOf(instruction) {
  const text = instruction.getArgumentsContent() ?? ''
  const flags = 'getFlags' in instruction ? flagsOf(/** @type {WithFlags} */ (instruction)) : {}
  const words = instruction.getArguments().map((argument) => argument.getValue())
  const command = text.slice(text.indexOf('['))
  const isExec = words[instruction.getKeyword() === 'HEALTHCHECK' ? 1 : 0]?.startsWith('[') ?? false
  return {
    keyword: instruction.getKeyword(),
    text,
    words: isExec ? /** @type {string[]} */ (JSON.parse(command)) : words,
    isExec,
    flags,
    undefinedVariables: instruction
      .getVariables()
      .filter((variable) => !variable.isDefined() && !OF_THE_SHELL.has(variable.getName()))
      .map((variable) => variable.getName()),
  }
}

/** @typedef {import('dockerfile-ast').Instruction & { getFlags(): import('dockerfile-ast').Flag[] }} WithFlags */

/** @param {WithFlags} instruction @returns {Record<string, string>} */
function flagsOf(instruction) {
  return Object.fromEntries(instruction.getFlags().map((flag) => [flag.getName(), flag.getValue() ?? '']))
}

/** @param {Stage} stage @param {string} keyword @returns {Step[]} */
export function stepsOf({ steps }, keyword) {
  return steps.filter((step) => step.keyword === keyword)
}

/** @param {string} root @returns {string[]} the files that git tracks, by their path in the repository */
export function trackedFiles(root) {
  const output = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })
  return output.split('\0').filter((path) => path !== '')
}

/** @param {readonly string[]} files @param {string} rules of a .dockerignore @returns {string[]} what a build sees */
export function contextOf(files, rules) {
  return ignoreRules()
    .add(rules)
    .filter([...files])
}
