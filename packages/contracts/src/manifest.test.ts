import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import { type Manifest, artifactOf, parseManifest } from './manifest.ts'
import { signedText } from './signature.ts'

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

const signature = { key: `ed25519:${'01'.repeat(32)}`, signature: 'ab'.repeat(64) }
const keySet = { kind: 'key-set', version: 2, keys: [signature.key], signatures: [signature] }

describe('parseManifest', () => {
  it('returns a valid manifest unchanged', () => {
    expect(parseManifest(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest)
  })

  it('knows versions, key sets and signatures, and signs everything but the signatures', () => {
    const signed = { ...manifest, version: 8, floor: 7, keySets: [keySet], signatures: [signature] }
    const parsed = parseManifest(JSON.parse(JSON.stringify(signed)))
    expect(parsed).toEqual(signed)
    const { signatures: _, ...rest } = signed
    expect(signedText(parsed)).toBe(canonicalJson(rest))
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
    ['a floor above its version', { version: 7, floor: 8 }],
    ['a floor without a version', { floor: 8 }],
    ['a version that no clock will show', { version: 2 ** 40 }],
    ['a signature in upper case', { signatures: [{ ...signature, signature: 'AB'.repeat(64) }] }],
    ['an empty list of signatures', { signatures: [] }],
    ['a key of another kind', { signatures: [{ ...signature, key: 'p256:' + '0'.repeat(64) }] }],
    ['a key set without keys', { keySets: [{ ...keySet, keys: [] }] }],
    ['an engine it does not know', { engine: 'caffe' }],
    ['an engine without its artifact', { engine: 'onnx' }],
    ['33 key sets', { keySets: Array.from({ length: 33 }, () => keySet) }],
    ['a field it does not know', { url: 'https://elsewhere.example' }],
  ])('refuses %s', (_, change) => {
    expect(() => parseManifest({ ...manifest, ...change })).toThrow(
      expect.objectContaining({ code: 'INVALID_MANIFEST' }),
    )
  })

  it('knows the engine of a shop’s own encoder', () => {
    const encoder = { role: 'encoder-onnx', sha256: 'cd'.repeat(32), bytes: 9, dtype: 'uint8', shape: [9] }
    const withEngine = { ...manifest, engine: 'onnx', artifacts: [...manifest.artifacts, encoder] }
    expect(parseManifest(JSON.parse(JSON.stringify(withEngine)))).toEqual(withEngine)
  })

  it('finds artifacts by role', () => {
    expect(artifactOf(manifest, 'embeddings')?.bytes).toBe(249_220)
    expect(artifactOf(manifest, 'graph')).toBeUndefined()
  })
})
