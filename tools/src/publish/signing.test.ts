/** Signing keys, their rotation, and what publishing signs. */
import { createPublicKey, verify } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Manifest, type Signature, parseManifest, signedText } from '@vitrine/contracts'
import { signRevision } from './sign-revision.ts'
import { readSigningKeys, writeSigningKeys } from './signing-keys-file.ts'
import { createSigningKeys, rotateSigningKeys, sign, trustedKeys } from './signing-keys.ts'

const NOW = Date.UTC(2026, 10, 1)
const DAY_MS = 86_400_000

const trained: Manifest = {
  schema: 1,
  id: 'mugs',
  revision: 'r1',
  createdAt: '2026-01-01T00:00:00.000Z',
  items: 1,
  dimension: 16,
  artifacts: [{ role: 'graph', sha256: 'ab'.repeat(32), bytes: 3, dtype: 'uint8', shape: [3] }],
}

/** Checks a signature with nothing but Node's own cryptography. */
function isSignedBy(statement: object, { key, signature }: Signature): boolean {
  const x = Buffer.from(key.slice(8), 'hex').toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.from(signedText(statement)), publicKey, Buffer.from(signature, 'hex'))
}

describe('signing keys', () => {
  it('sign what they say they sign', () => {
    const keys = createSigningKeys(NOW)
    const signature = sign(trained, keys)
    expect(trustedKeys(keys)).toEqual([signature.key])
    expect(isSignedBy(trained, signature)).toBe(true)
    expect(isSignedBy({ ...trained, items: 2 }, signature)).toBe(false)
  })

  it('after a rotation the new key signs, the old one vouches for it and stays trusted', () => {
    const before = createSigningKeys(NOW)
    const after = rotateSigningKeys(before, { revoke: false, now: NOW + 1 })
    const [statement] = after.keySets
    expect(statement).toMatchObject({ version: 1, keys: [after.keys[1]!.key, before.keys[0]!.key] })
    expect(statement!.signatures[0]!.key).toBe(before.keys[0]!.key)
    expect(isSignedBy(statement!, statement!.signatures[0]!)).toBe(true)
    expect(sign(trained, after).key).toBe(after.keys[1]!.key)
  })

  it('a revoked key is trusted no more', () => {
    const first = createSigningKeys(NOW)
    const second = rotateSigningKeys(first, { revoke: false, now: NOW })
    const third = rotateSigningKeys(second, { revoke: true, now: NOW })
    expect(trustedKeys(third)).toEqual([third.keys[2]!.key])
    expect(third.keySets.map(({ version }) => version)).toEqual([1, 2])
    expect(third.keySets[1]!.signatures[0]!.key).toBe(second.keys[1]!.key)
  })

  it('forty rotations still fit into a manifest', () => {
    let keys = createSigningKeys(NOW)
    for (let rotation = 0; rotation < 40; rotation++)
      keys = rotateSigningKeys(keys, { revoke: false, now: NOW })
    expect(() => parseManifest(signRevision(trained, { keys, now: NOW, expiresInDays: 1 }))).not.toThrow()
    expect(keys.keySets.at(-1)!.version).toBe(40)
  })
})

describe('signing keys in a file', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-keys-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('only the owner can read it, and it is read back as it was', async () => {
    const file = join(folder, 'keys.json')
    const keys = rotateSigningKeys(createSigningKeys(NOW), { revoke: false, now: NOW })
    await writeSigningKeys(file, keys, { create: true })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readSigningKeys(file)).toEqual(keys)
  })

  // Seen to fail with `rename` in place of `link`: the keys were gone.
  it('creating keys never overwrites those that are there', async () => {
    const file = join(folder, 'keys.json')
    await writeSigningKeys(file, createSigningKeys(NOW), { create: true })
    const before = await readFile(file, 'utf8')
    const again = writeSigningKeys(file, createSigningKeys(NOW), { create: true })
    await expect(again).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' })
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  it('a file that is missing, none, or has a public key of another private one is refused', async () => {
    const file = join(folder, 'keys.json')
    await expect(readSigningKeys(file)).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' })
    const [one, two] = [createSigningKeys(NOW), createSigningKeys(NOW)]
    one.keys[0]!.key = two.keys[0]!.key
    for (const text of ['', '{}', '[]', JSON.stringify(one), '{"format":1,"keys":[],"keySets":[]}']) {
      await writeFile(file, text)
      await expect(readSigningKeys(file)).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' })
    }
  })
})

describe('signRevision', () => {
  const keys = createSigningKeys(NOW)
  const options = { keys, now: NOW, expiresInDays: 100 }
  const first = signRevision(trained, options)
  const other = {
    ...trained,
    revision: 'r2',
    artifacts: [{ ...trained.artifacts[0]!, sha256: 'cd'.repeat(32) }],
  }

  it('gives the first revision a version, a floor, an expiry and a signature over all of it', () => {
    const version = NOW / 1000
    const expiresAt = new Date(NOW + 100 * DAY_MS).toISOString()
    expect(first).toMatchObject({ ...trained, version, floor: version, expiresAt })
    expect(isSignedBy(first, first.signatures![0]!)).toBe(true)
    expect(parseManifest(JSON.parse(JSON.stringify(first)))).toEqual(first)
  })

  it('lets devices go back to the revision before, and no further unless told', () => {
    const second = signRevision(other, { ...options, now: NOW + DAY_MS, active: first })
    expect(second.floor).toBe(first.version)
    expect(second.version).toBe(first.version! + 86_400)
    const far = signRevision(other, { ...options, now: NOW + DAY_MS, active: first, floor: 7 })
    expect(far.floor).toBe(7)
    const none = signRevision(other, { ...options, now: NOW, floor: 2 ** 33, active: first })
    expect(none.floor).toBe(none.version)
  })

  it('is newer than the active one also where the clock went back', () => {
    const second = signRevision(other, { ...options, now: NOW - DAY_MS, active: first })
    expect(second.version).toBe(first.version! + 1)
  })

  it('leaves an active one alone until half of its time has passed, then signs it anew under another name', () => {
    const soon = { ...options, now: NOW + 49 * DAY_MS, active: first }
    expect(signRevision(trained, soon)).toBe(first)
    const late = signRevision(trained, { ...options, now: NOW + 51 * DAY_MS, active: first })
    expect(late.revision).toBe(`r1.${late.version}`)
    expect(late.floor).toBe(first.version)
    expect(parseManifest(late)).toEqual(late)
    const forced = signRevision(trained, { ...soon, renew: true })
    expect(forced.revision).toBe(`r1.${forced.version}`)
  })

  it('signs an active one anew that was unsigned, or signed by a key that is not the newest', () => {
    expect(signRevision(trained, { ...options, active: trained }).revision).toMatch(/^r1\.\d+$/u)
    const rotated = rotateSigningKeys(keys, { revoke: false, now: NOW })
    const anew = signRevision(trained, { ...options, keys: rotated, active: first })
    expect(anew.signatures![0]!.key).toBe(rotated.keys[1]!.key)
    expect(anew.keySets).toEqual(rotated.keySets)
  })
})
