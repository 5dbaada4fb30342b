/** Keys of tenants: `pk_live_…` stands in pages, `sk_live_…` stays with the shop. Only hashes are stored. */
import { VitrineError } from '@vitrine/contracts'
import { sha256Hex } from '../sha256.ts'
import type { KeyKind, KeyRecord, Store } from '../stores/store.ts'
import { parseOriginPattern } from './origins.ts'

const PREFIX: Record<KeyKind, string> = { publishable: 'pk_live_', secret: 'sk_live_' }

/** 32 letters, so that five bits of a random byte choose one without bias. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
/** 60 bits: names the key, is no secret. */
const ID_LENGTH = 12
/** 180 bits of secret. */
const SECRET_LENGTH = 36

const KEY = new RegExp(`^[ps]k_live_([a-z2-7]{${ID_LENGTH}})[a-z2-7]{${SECRET_LENGTH}}$`, 'u')
const TENANT = /^[a-z0-9][a-z0-9._-]{0,127}$/u

/** What a new key shall be. */
export interface NewKey {
  kind: KeyKind
  /** Lower-case letters, digits, `.`, `_`, `-`. */
  tenant: string
  /** For publishable keys: at least one, see {@link parseOriginPattern}. */
  origins?: readonly string[]
  /** For publishable keys: whether devices have to prove who they are. Missing: false. */
  needsToken?: boolean
}

/**
 * Creates a key. Its text is returned here and never again.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` when the tenant or an origin is not valid, a publishable key has no
 * origin, or a secret key has one.
 * @example
 * ```ts
 * const { key } = await createKey(store, { kind: 'publishable', tenant: 'acme', origins: ['https://acme.example'] })
 * ```
 */
export async function createKey(
  store: Store,
  { kind, tenant, origins = [], needsToken = false }: NewKey,
  {
    clock = Date.now,
    random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes),
  }: { clock?: () => number; random?: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array } = {},
): Promise<{ key: string; record: KeyRecord }> {
  if (!TENANT.test(tenant)) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `${JSON.stringify(tenant)} cannot name a tenant; use lower-case letters, digits, dots, hyphens`,
    )
  }
  if ((kind === 'publishable') !== origins.length > 0) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      kind === 'publishable'
        ? 'a publishable key needs the origins of the pages it stands in'
        : 'a secret key has no origins: it is not for pages',
    )
  }
  const patterns = [...new Set(origins.map(parseOriginPattern))]
  const text = Array.from(
    random(new Uint8Array(ID_LENGTH + SECRET_LENGTH)),
    (byte) => ALPHABET[byte & 31],
  ).join('')
  const key = PREFIX[kind] + text
  const record: KeyRecord = {
    id: text.slice(0, ID_LENGTH),
    hash: await sha256Hex(key),
    kind,
    tenant,
    origins: patterns,
    needsToken,
    createdAt: clock(),
  }
  await store.addKey(record)
  return { key, record }
}

/**
 * Revokes a key at once and for good.
 *
 * @param id - the key's id as lists show it, or the whole key
 * @throws `VitrineError('NOT_FOUND')` when there is no such key.
 */
export async function revokeKey(
  store: Store,
  id: string,
  { clock = Date.now }: { clock?: () => number } = {},
): Promise<void> {
  if (!(await store.revokeKey(idOf(id) ?? id, clock()))) {
    throw new VitrineError('NOT_FOUND', `there is no key ${idOf(id) ?? id}; list the keys to see their ids`)
  }
}

/** Returns the good key that `text` is, or `undefined`. */
export async function findKey(store: Store, text: string): Promise<KeyRecord | undefined> {
  const id = idOf(text)
  if (id === undefined) return undefined
  const [record, hash] = await Promise.all([store.findKey(id), sha256Hex(text)])
  return record && record.revokedAt === undefined && equalInConstantTime(record.hash, hash)
    ? record
    : undefined
}

function idOf(text: string): string | undefined {
  return KEY.exec(text)?.[1]
}

/** Takes the same time wherever two texts of one length differ. */
function equalInConstantTime(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}
