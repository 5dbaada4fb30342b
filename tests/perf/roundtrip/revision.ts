/** A model of any size, trained by the `vitrine` command on visits that never happened. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, mustRun } from '../../../scripts/run-command.js'
import { onceFor } from '../../../scripts/setup/fingerprint.js'

/** Items of the catalogue that are bought together. */
const GROUP = 50
const VISITS_PER_ITEM = 6

/** What decides over the bytes of a model, relative to the root. */
const SOURCES = ['tools/src', 'packages/recommender/src', 'packages/contracts/src', 'tests/perf/roundtrip']

/** Folder of a model named `id` over `items` items; kept under `.cache` until training changes. */
export async function syntheticRevision(id: string, items: number, signal: AbortSignal): Promise<string> {
  const name = `perf-${id}-${items}`
  const model = join('.cache', `${name}-model`)
  const sessions = join(ROOT, '.cache', `${name}.txt`)
  await onceFor(name, SOURCES, [model], async () => {
    await mkdir(join(ROOT, '.cache'), { recursive: true })
    await writeFile(sessions, visits(items))
    const vitrine = join(ROOT, 'tools', 'bin', 'vitrine.js')
    const options = ['--sessions', sessions, '--model', id, '--budget', '20s', '--out', join(ROOT, model)]
    await mustRun(process.execPath, [vitrine, 'train', ...options, '--force'], { output: 'keep', signal })
  })
  return join(ROOT, model)
}

/** Visits that stay mostly within a group and favour its first items; every item occurs. */
function visits(items: number): string {
  const random = generator()
  const groups = Math.ceil(items / GROUP)
  const lines = Array.from({ length: items * VISITS_PER_ITEM }, () => {
    let group = Math.floor(groups * random() * random())
    const length = 2 + Math.floor(8 * random() * random())
    return Array.from({ length }, () => {
      if (random() < 0.1) group = Math.floor(groups * random())
      return itemId(Math.min(items - 1, group * GROUP + Math.floor(GROUP * random() ** 3)))
    }).join(' ')
  })
  for (let item = 0; item + 1 < items; item += 2) lines.push(`${itemId(item)} ${itemId(item + 1)}`)
  return `${lines.join('\n')}\n`
}

/** The id of an item of the synthetic catalogue. */
export function itemId(item: number): string {
  return `item-${item}`
}

/** mulberry32 with a fixed seed: the same visits every time. */
function generator(): () => number {
  let state = 1
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
