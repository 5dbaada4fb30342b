/** Ctrl-C, in processes of their own: what ends, what stays, what goes on later. */
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, start } from './command.ts'
import { syntheticVisits, toLines } from './synthetic-shop.ts'

const MINUTE = 60_000

let folder = ''
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-ctrl-c-'))
  await writeFile(at('train.txt'), toLines(syntheticVisits()))
})
afterAll(() => rm(folder, { recursive: true }))

describe('Ctrl-C', { timeout: 3 * MINUTE }, () => {
  it('ends training with 130 and CANCELLED, and leaves no file', async () => {
    const before = (await readdir(folder)).toSorted()
    const { child, outcome, said } = start([
      'train',
      '--sessions',
      at('train.txt'),
      '--out',
      at('stopped'),
      '--json',
    ])
    await said('train: ')
    child.kill('SIGINT')
    const ended = await outcome
    expect(ended.code).toBe(130)
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'CANCELLED' } })
    expect(ended.stderr).toContain('error CANCELLED: ')
    expect((await readdir(folder)).toSorted()).toEqual(before)
  })

  it('leaves a training amid its epochs to be gone on with, to the same bytes', async () => {
    await writeFile(at('many.txt'), toLines(syntheticVisits({ count: 2500 })))
    const args = ['train', '--sessions', at('many.txt'), '--model', 'shop', '--trials', '10', '--json']
    const { child, outcome } = start([...args, '--out', at('resumed')])
    // An epoch is kept as soon as it is done.
    await waitForFile(join(at('resumed.checkpoint'), 'encoder-all.bin'))
    child.kill('SIGINT')
    expect((await outcome).code).toBe(130)
    await expect(stat(at('resumed'))).rejects.toMatchObject({ code: 'ENOENT' })
    const resumed = await run([...args, '--out', at('resumed')])
    expect(resumed.stderr).toContain('going on where a run was stopped')
    await expect(stat(at('resumed.checkpoint'))).rejects.toMatchObject({ code: 'ENOENT' })
    await run([...args, '--out', at('in-one-go')])
    expect(await artifactsOf('resumed')).toEqual(await artifactsOf('in-one-go'))
  })

  it('ends an import that waits for standard input', async () => {
    const { child, outcome, said } = start([
      'import',
      '-',
      '--columns',
      'session=s,item=i,time=t',
      '--out',
      at('piped'),
    ])
    child.stdin!.write('s,i,t\n1,a,2026-01-01\n')
    await said('import: ')
    child.kill('SIGINT')
    expect(await outcome).toMatchObject({ code: 130, stderr: expect.stringContaining('CANCELLED') as string })
    await expect(stat(at('piped'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

async function waitForFile(path: string): Promise<void> {
  while (!(await stat(path).catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Role, bytes and hash of each artifact. */
async function artifactsOf(name: string): Promise<unknown> {
  const manifest = JSON.parse(await readFile(join(at(name), 'manifest.json'), 'utf8')) as {
    artifacts: unknown
  }
  return manifest.artifacts
}
