import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeArtifactStore, hashOf, streamOf } from '../../test/artifact-conformance.ts'
import { openDiskArtifacts } from './disk.ts'

async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'vitrine-artifacts-'))
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

describeArtifactStore('disk', async () => {
  const folder = await temporaryFolder()
  return {
    open: () => openDiskArtifacts(folder),
    count: async () => (await filesBelow(folder)).length,
    remove: () => rm(folder, { recursive: true }),
  }
})

describe('artifacts on disk', () => {
  it('removes what an upload left that a kill cut off, and not one that is under way', async () => {
    const folder = await temporaryFolder()
    const incoming = join(folder, 'incoming')
    await mkdir(incoming, { recursive: true })
    const hourAgo = new Date(Date.now() - 61 * 60 * 1000)
    await writeFile(join(incoming, 'abandoned'), 'half')
    await utimes(join(incoming, 'abandoned'), hourAgo, hourAgo)
    await writeFile(join(incoming, 'under-way'), 'half')
    const content = Buffer.from('x')
    await openDiskArtifacts(folder).put(hashOf(content), streamOf(content), { maxBytes: 10 })
    expect(await readdir(incoming)).toEqual(['under-way'])
    await rm(folder, { recursive: true })
  })

  it('says that it cannot serve where its folder cannot be made', async () => {
    await expect(openDiskArtifacts('/dev/null/artifacts').check()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    await expect(
      openDiskArtifacts('/dev/null/artifacts').put('0'.repeat(64), streamOf(Buffer.from('x')), {
        maxBytes: 1,
      }),
    ).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })
})
