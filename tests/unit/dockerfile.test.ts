/** The Dockerfile fits the repository and the endpoint; each rule is seen to fail. `pnpm container` runs its steps. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { trackedFiles } from '../../scripts/container/dockerfile.js'
import { type Surroundings, problemsOf } from '../../scripts/container/problems.js'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const dockerfile = read('deploy/Dockerfile')
const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
const { spec } = parse(read('deploy/kubernetes/deployment.yaml')) as {
  spec: { template: { spec: { containers: { ports: { containerPort: number }[] }[] } } }
}

const surroundings: Surroundings = {
  files: trackedFiles(ROOT),
  ignore: read('deploy/Dockerfile.dockerignore'),
  node: engines.node.replace('>=', ''),
  port: spec.template.spec.containers[0]!.ports[0]!.containerPort,
}

it('builds from what is there, and runs as the endpoint is run elsewhere', () => {
  expect(problemsOf(dockerfile, surroundings)).toEqual([])
})

it.each([
  ['COPY . .', 'COPY packages/none .', 'COPY takes packages/none, which is not in the repository.'],
  ['COPY . .', 'COPY package.json docs/ .', 'COPY takes docs/, which the .dockerignore leaves out.'],
  ['COPY --from=build /app', 'COPY --from=built /app', 'COPY takes from built, which is no stage.'],
  ['COPY --from=build /app', 'COPY --from=build /out', 'COPY takes /out from build, where no step makes it.'],
  ['WORKDIR /src', 'WORKDIR $SOURCES', 'WORKDIR uses SOURCES, which no ARG or ENV defines.'],
  ['FROM node:22-bookworm-slim AS', 'FROM node:20.18-slim AS', 'node:20.18-slim is older than Node 20.19.'],
  ['FROM node:22-bookworm-slim AS', 'FROM node:18 AS', 'node:18 is older than Node 20.19.'],
  [
    'FROM node:22-bookworm-slim AS',
    'FROM node:lts AS',
    'node:lts names no version: another Node would come by itself.',
  ],
  ['FROM node:22-bookworm-slim AS', 'FROM debian:12 AS', 'debian:12 is no image of Node.'],
  ['USER node', 'USER root', 'The endpoint would run as root.'],
  ['USER node', '', 'The endpoint would run as root.'],
  ['chown node:node /data', 'true', 'node could not write in /data, where the endpoint keeps its data.'],
  ['WORKDIR /data', 'WORKDIR /srv', 'node could not write in /srv, where the endpoint keeps its data.'],
  ['EXPOSE 8787', 'EXPOSE 80', 'EXPOSE says 80; the endpoint listens on 8787.'],
  [':8787/health', ':80/health', 'HEALTHCHECK does not ask /health on port 8787.'],
  [
    '["node", "/app/bin/vitrine.js"]',
    'node /app/bin/vitrine.js',
    'ENTRYPOINT has to be a list, ["…", "…"], which no shell reads.',
  ],
])('with %j turned into %j it says so', (from, to, problem) => {
  expect(dockerfile).toContain(from)
  expect(problemsOf(dockerfile.replace(from, to), surroundings)).toEqual([problem])
})

it('takes variables that ARG or ENV define, and a version with its minor', () => {
  const changed = dockerfile
    .replace('WORKDIR /src', 'ARG SOURCES=/src\nWORKDIR $SOURCES')
    .replace('FROM node:22-bookworm-slim AS', 'FROM node:20.19-bookworm-slim AS')
  expect(problemsOf(changed, surroundings)).toEqual([])
})
