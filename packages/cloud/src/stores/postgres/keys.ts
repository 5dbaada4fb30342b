/** Keys and their origins in PostgreSQL; semantics are those of the `Store` interface. */
import type { KeyRecord } from '../store.ts'
import type { Sql } from './connection.ts'

interface KeyRow {
  id: string
  hash: string
  kind: KeyRecord['kind']
  tenant: string
  origins: string[]
  needs_token: boolean
  created_at: number
  revoked_at: number | null
}

/** Inside the caller's transaction. */
export async function addKey(sql: Sql, key: KeyRecord): Promise<void> {
  await sql`
    INSERT INTO vitrine.keys (id, hash, kind, tenant, needs_token, created_at, revoked_at)
    VALUES (${key.id}, ${key.hash}, ${key.kind}, ${key.tenant}, ${key.needsToken}, ${key.createdAt}, ${key.revokedAt ?? null})`
  await sql`
    INSERT INTO vitrine.key_origins (origin, key_id)
    SELECT origin, ${key.id} FROM json_array_elements_text(${JSON.stringify(key.origins)}::json) AS origin`
}

export async function findKey(sql: Sql, id: string): Promise<KeyRecord | undefined> {
  const { rows } = await sql<KeyRow>`
    SELECT id, hash, kind, tenant, needs_token, created_at, revoked_at,
      to_json(ARRAY(SELECT origin FROM vitrine.key_origins WHERE key_id = id ORDER BY origin)) AS origins
    FROM vitrine.keys WHERE id = ${id}`
  return rows.map(keyOf)[0]
}

export async function listKeys(sql: Sql, tenant: string | undefined): Promise<KeyRecord[]> {
  const { rows } = await sql<KeyRow>`
    SELECT id, hash, kind, tenant, needs_token, created_at, revoked_at,
      to_json(ARRAY(SELECT origin FROM vitrine.key_origins WHERE key_id = id ORDER BY origin)) AS origins
    FROM vitrine.keys
    WHERE tenant = coalesce(${tenant ?? null}, tenant) ORDER BY created_at, id`
  return rows.map(keyOf)
}

export async function revokeKey(sql: Sql, id: string, revokedAt: number): Promise<boolean> {
  const { count } = await sql`
    UPDATE vitrine.keys SET revoked_at = coalesce(revoked_at, ${revokedAt}) WHERE id = ${id}`
  return count > 0
}

export async function hasOrigin(sql: Sql, patterns: readonly string[]): Promise<boolean> {
  const { count } = await sql`
    SELECT FROM vitrine.key_origins JOIN vitrine.keys ON id = key_id
    WHERE origin IN (SELECT json_array_elements_text(${JSON.stringify(patterns)}::json))
      AND kind = 'publishable' AND revoked_at IS NULL LIMIT 1`
  return count > 0
}

function keyOf(row: KeyRow): KeyRecord {
  const { id, hash, kind, tenant, origins, needs_token: needsToken, created_at: createdAt } = row
  const record = { id, hash, kind, tenant, origins, needsToken, createdAt }
  return row.revoked_at === null ? record : { ...record, revokedAt: row.revoked_at }
}
