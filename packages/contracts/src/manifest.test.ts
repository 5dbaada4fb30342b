import { describe, expect, it } from 'vitest'
import { type Manifest, artifactOf, parseManifest } from './manifest.ts'

const manifest: Manifest = {
  schema: 1,
  id: 'online-retail',
  revision: '3f9a1c2b77d0',
  createdAt: '2026-11-20T09:00:00.000Z',
  items: 3665,
  dimension: 64,
  artifacts: [
    { role: 'embeddings', sha256: 'ab'.repeat(32), bytes: 249_220, dtype: 'int8', shape: [3665, 64] },
  ],
}

describe('parseManifest', () => {
  it('returns a valid manifest unchanged', () => {
    expect(parseManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest)
  })

  it.each<[string, object]>([
    ['another schema', { schema: 2 }],
    ['an id that climbs out of its folder', { id: '../secret' }],
    ['a revision with a slash', { revision: 'a/b' }],
    ['no items', { items: 0 }],
    ['a date without a zone', { createdAt: '2026-11-20' }],
    ['no artifacts', { artifacts: [] }],
    ['a role twice', { artifacts: [manifest.artifacts[0], manifest.artifacts[0]] }],
    ['an upper-case hash', { artifacts: [{ ...manifest.artifacts[0], sha256: 'AB'.repeat(32) }] }],
    ['a size beyond 1 GiB', { artifacts: [{ ...manifest.artifacts[0], bytes: 2 ** 31 }] }],
    ['an infinite metric', { metrics: { mrr: Number.POSITIVE_INFINITY } }],
    ['a field it does not know', { url: 'https://elsewhere.example' }],
  ])('refuses %s', (_, change) => {
    expect(() => parseManifest({ ...manifest, ...change })).toThrow(
      expect.objectContaining({ code: 'INVALID_MANIFEST' }),
    )
  })

  it('finds artifacts by role', () => {
    expect(artifactOf(manifest, 'embeddings')?.bytes).toBe(249_220)
    expect(artifactOf(manifest, 'graph')).toBeUndefined()
  })
})
