/** Published revisions and the active one of each model in SQLite. Each function runs inside its caller's transaction. */
import type Database from 'libsql'
import { VitrineError } from '@vitrine/contracts'
import type { StoredRevision } from '../store.ts'

/** What the store does with revisions. */
export interface RevisionTables {
  publish(tenant: string, revision: StoredRevision, publishedAt: number): { created: boolean; active: string }
  active(tenant: string, model: string): StoredRevision | undefined
  activeOfAll(tenant: string): Record<string, string>
  rollBack(
    tenant: string,
    model: string,
    options: { revision?: string | undefined; at: number },
  ): { active: string; previous: string }
}

const COLUMNS = 'model, revision, manifest, etag'

/** Prepares the statements; semantics are those of the `Store` interface. */
export function revisionTables(database: Database.Database): RevisionTables {
  const insert = database.prepare(
    `INSERT INTO revisions (tenant, model, revision, manifest, etag, published_at, ordinal)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6,
       (SELECT coalesce(max(ordinal), 0) + 1 FROM revisions WHERE tenant = ?1 AND model = ?2))`,
  )
  const select = database.prepare(
    `SELECT ${COLUMNS} FROM revisions WHERE tenant = ? AND model = ? AND revision = ?`,
  )
  const selectBefore = database.prepare(
    `SELECT revision FROM revisions WHERE tenant = ?1 AND model = ?2 AND ordinal <
       (SELECT ordinal FROM revisions WHERE tenant = ?1 AND model = ?2 AND revision = ?3)
     ORDER BY ordinal DESC LIMIT 1`,
  )
  const activate = database.prepare(
    `INSERT INTO active_revisions (tenant, model, revision, activated_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET revision = excluded.revision, activated_at = excluded.activated_at`,
  )
  const selectActive = database.prepare(
    `SELECT ${COLUMNS} FROM active_revisions JOIN revisions USING (tenant, model, revision)
     WHERE tenant = ? AND model = ?`,
  )
  const selectActiveOfAll = database.prepare('SELECT model, revision FROM active_revisions WHERE tenant = ?')

  const find = (tenant: string, model: string, revision: string) =>
    revisionOf(select.get(tenant, model, revision))
  const active = (tenant: string, model: string) => revisionOf(selectActive.get(tenant, model))

  function publish(
    tenant: string,
    { model, revision, manifest, etag }: StoredRevision,
    publishedAt: number,
  ): { created: boolean; active: string } {
    const known = find(tenant, model, revision)
    if (!known) {
      insert.run(tenant, model, revision, manifest, etag, publishedAt)
      activate.run(tenant, model, revision, publishedAt)
      return { created: true, active: revision }
    }
    if (known.manifest !== manifest) {
      throw new VitrineError(
        'CONFLICT',
        `revision ${revision} of ${model} was published with another manifest; revisions never change: publish under a new name`,
      )
    }
    return { created: false, active: active(tenant, model)?.revision ?? revision }
  }

  function rollBack(
    tenant: string,
    model: string,
    options: { revision?: string | undefined; at: number },
  ): { active: string; previous: string } {
    const previous = active(tenant, model)?.revision
    if (previous === undefined) {
      throw new VitrineError('MODEL_NOT_FOUND', `no revision of ${model} is published; publish one`)
    }
    const target = options.revision ?? before(tenant, model, previous)
    if (target === undefined) {
      throw new VitrineError(
        'CONFLICT',
        `${previous} is the first revision of ${model}: there is nothing to roll back to`,
      )
    }
    if (!find(tenant, model, target)) {
      throw new VitrineError('MODEL_NOT_FOUND', `${model} has no revision ${target}; name a published one`)
    }
    activate.run(tenant, model, target, options.at)
    return { active: target, previous }
  }

  function before(tenant: string, model: string, revision: string): string | undefined {
    return (selectBefore.get(tenant, model, revision) as { revision: string } | undefined)?.revision
  }

  function activeOfAll(tenant: string): Record<string, string> {
    const rows = selectActiveOfAll.all(tenant) as { model: string; revision: string }[]
    return Object.fromEntries(rows.map(({ model, revision }) => [model, revision]))
  }

  return { publish, active, activeOfAll, rollBack }
}

/** Copies the columns: libsql hangs its own `_metadata` on every row. */
function revisionOf(row: unknown): StoredRevision | undefined {
  if (row === undefined) return undefined
  const { model, revision, manifest, etag } = row as StoredRevision
  return { model, revision, manifest, etag }
}
