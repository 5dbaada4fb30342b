/** `vitrine starter`, and what the other commands say of the revision that it wrote. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Outcome, run } from './command.ts'
import { syntheticVisits, toLines } from './synthetic-shop.ts'

const MINUTE = 60_000

interface Answer {
  revision: string
  starter?: { items: number; transferred_bytes: number; hit_rate: number } | null
}

let folder = ''
const at = (name: string): string => join(folder, name)
const answerOf = ({ stdout }: Outcome): Answer => JSON.parse(stdout) as Answer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-starter-'))
  await writeFile(at('train.txt'), toLines(syntheticVisits()))
  await writeFile(at('test.txt'), toLines(syntheticVisits({ count: 40, seed: 99 })))
  await run(['train', '--sessions', at('train.txt'), '--out', at('model'), '--json'])
}, 3 * MINUTE)
afterAll(() => rm(folder, { recursive: true }))

it('gives a revision a starter, which inspect shows and evaluate measures', { timeout: MINUTE }, async () => {
  const options = ['--model', at('model'), '--out', at('started'), '--bytes', '2500', '--json']
  const { starter, revision } = answerOf(await run(['starter', ...options]))
  expect(starter!.transferred_bytes).toBeLessThanOrEqual(2500)
  expect(answerOf(await run(['inspect', at('started'), '--json']))).toMatchObject({ revision, starter })
  const judge = ['evaluate', '--sessions', at('test.txt'), '--json', '--model']
  expect(answerOf(await run([...judge, at('started')])).starter!.hit_rate).toBeGreaterThan(0.2)
  expect(answerOf(await run([...judge, at('model')]))).not.toHaveProperty('starter')
})

it('leaves a revision as it is that is too small for one', { timeout: MINUTE }, async () => {
  const { revision } = answerOf(await run(['inspect', at('model'), '--json']))
  const options = ['--model', at('model'), '--out', at('same'), '--json']
  expect(answerOf(await run(['starter', ...options]))).toMatchObject({ revision, starter: null })
})
