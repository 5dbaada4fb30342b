import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCheckpoints } from './checkpoints.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { TrainInput } from './types.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vitrine-checkpoints-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe('openCheckpoints', () => {
  it('finds what the same training left, until it is removed', async () => {
    const folder = join(root, 'model.checkpoint')
    const first = await openCheckpoints(folder, 'a')
    expect(first.isResumed).toBe(false)
    expect(await first.read('graph.json')).toBeUndefined()
    await first.write('graph.json', Buffer.from('1'))
    await first.write('graph.json', Buffer.from('22'))
    const second = await openCheckpoints(folder, 'a')
    expect(second.isResumed).toBe(true)
    expect(String(await second.read('graph.json'))).toBe('22')
    await second.remove()
    expect(await readdir(root)).toEqual([])
  })

  it('takes nothing from another training, and nothing when asked to begin afresh', async () => {
    for (const [identity, options] of [
      ['b', {}],
      ['a', { fresh: true }],
    ] as const) {
      const folder = join(root, identity)
      await (await openCheckpoints(folder, 'a')).write('graph.json', Buffer.from('1'))
      const opened = await openCheckpoints(folder, identity, options)
      expect(opened.isResumed).toBe(false)
      expect(await opened.read('graph.json')).toBeUndefined()
    }
  })
})

describe('fingerprintOf', () => {
  const input: TrainInput = {
    modelId: 'shop',
    catalogue: [{ id: 'a', title: 'A' }],
    sessions: { offsets: Uint32Array.of(0, 2), items: Uint32Array.of(0, 0) },
    seed: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
  }

  it('tells apart what makes another model, and not the time of day', () => {
    const same = fingerprintOf({ ...input, createdAt: '2027-01-01T00:00:00.000Z' })
    expect(same).toBe(fingerprintOf(input))
    const others = [
      fingerprintOf({ ...input, seed: 2 }),
      fingerprintOf(input, 900_000),
      fingerprintOf({ ...input, catalogue: [{ id: 'b', title: 'A' }] }),
      fingerprintOf({
        ...input,
        sessions: { offsets: Uint32Array.of(0, 1), items: Uint32Array.of(0) },
      }),
    ]
    expect(new Set([same, ...others]).size).toBe(5)
  })
})
