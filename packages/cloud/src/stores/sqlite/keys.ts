/** Keys and their origins in SQLite. Each function runs inside its caller's transaction. */
import type Database from 'libsql'
import type { KeyKind, KeyRecord } from '../store.ts'

/** What the store does with keys. */
export interface KeyTables {
  add(key: KeyRecord): void
  find(id: string): KeyRecord | undefined
  list(tenant: string | undefined): KeyRecord[]
  revoke(id: string, revokedAt: number): boolean
  hasOrigin(patterns: readonly string[]): boolean
}

interface KeyRow {
  id: string
  hash: string
  kind: KeyKind
  tenant: string
  origins: string
  created_at: number
  needs_token: number
  revoked_at: number | null
}

const COLUMNS = `id, hash, kind, tenant, needs_token, created_at, revoked_at,
  (SELECT json_group_array(origin) FROM key_origins WHERE key_id = id) AS origins`

/** Prepares the statements; semantics are those of the `Store` interface. */
export function keyTables(database: Database.Database): KeyTables {
  const insertKey = database.prepare(
    `INSERT INTO keys (id, hash, kind, tenant, needs_token, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertOrigin = database.prepare('INSERT INTO key_origins (origin, key_id) VALUES (?, ?)')
  const selectOne = database.prepare(`SELECT ${COLUMNS} FROM keys WHERE id = ?`)
  const selectAll = database.prepare(
    `SELECT ${COLUMNS} FROM keys WHERE ?1 IS NULL OR tenant = ?1 ORDER BY created_at, id`,
  )
  const update = database.prepare('UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?')
  const selectOrigin = database.prepare(
    `SELECT 1 FROM key_origins JOIN keys ON id = key_id
     WHERE origin = ? AND kind = 'publishable' AND revoked_at IS NULL LIMIT 1`,
  )

  function add(key: KeyRecord): void {
    const { id, hash, kind, tenant, needsToken, createdAt, revokedAt = null } = key
    insertKey.run(id, hash, kind, tenant, Number(needsToken), createdAt, revokedAt)
    for (const origin of key.origins) insertOrigin.run(origin, id)
  }

  function find(id: string): KeyRecord | undefined {
    const row = selectOne.get(id) as KeyRow | undefined
    return row && keyOf(row)
  }

  return {
    add,
    find,
    // In an array: libsql takes a lone null for an object of named parameters.
    list: (tenant) => (selectAll.all([tenant ?? null]) as KeyRow[]).map(keyOf),
    revoke: (id, revokedAt) => update.run(revokedAt, id).changes > 0,
    hasOrigin: (patterns) => patterns.some((pattern) => selectOrigin.get(pattern) !== undefined),
  }
}

function keyOf(row: KeyRow): KeyRecord {
  return {
    id: row.id,
    hash: row.hash,
    kind: row.kind,
    tenant: row.tenant,
    origins: JSON.parse(row.origins) as string[],
    needsToken: row.needs_token !== 0,
    createdAt: row.created_at,
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
  }
}
