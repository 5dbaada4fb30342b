/** Signs revisions for tests, with keys that exist for one test. */
import { type KeySet, type Manifest, type Signature, signedText } from '@vitrine/contracts'
import { hex } from '../src/platform.ts'
import type { BuiltRevision } from './revision.ts'

/** The clock of the test platform when a test begins, in Unix seconds: versions are of this order. */
export const NOW_S: number = Date.UTC(2026, 0, 1) / 1000

/** A key pair. */
export interface TestKey {
  /** Public, as pages pin it. */
  key: string
  sign(statement: object): Promise<Signature>
}

/** Makes a key pair. */
export async function createTestKey(): Promise<TestKey> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const key = `ed25519:${hex(raw)}`
  return {
    key,
    async sign(statement) {
      const text = new TextEncoder().encode(signedText(statement))
      return {
        key,
        signature: hex(new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, text))),
      }
    },
  }
}

/** Returns the revision with `change` in its manifest, signed. */
export async function signRevision(
  { manifest, blobs }: BuiltRevision,
  by: TestKey,
  change: Partial<Manifest> = {},
): Promise<BuiltRevision> {
  const unsigned: Manifest = { ...manifest, version: NOW_S, ...change }
  return { manifest: { ...unsigned, signatures: [await by.sign(unsigned)] }, blobs }
}

/** Returns a statement that `by` signed: from now on `keys` are trusted. */
export async function signKeySet(version: number, keys: TestKey[], by: TestKey): Promise<KeySet> {
  const statement = { kind: 'key-set' as const, version, keys: keys.map(({ key }) => key) }
  return { ...statement, signatures: [await by.sign(statement)] }
}
