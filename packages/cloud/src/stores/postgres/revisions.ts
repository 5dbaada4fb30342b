/** Published revisions and the active one of each model in PostgreSQL; semantics are those of the `Store` interface. */
import { VitrineError } from '@vitrine/contracts'
import type { StoredRevision } from '../store.ts'
import { type Sql, lock } from './connection.ts'

/** Names a model's lock: what is published and what is active change one after the other. */
const nameOf = (tenant: string, model: string) => `model ${tenant} ${model}`

/** Inside the caller's transaction. */
export async function publish(
  sql: Sql,
  tenant: string,
  { model, revision, manifest, etag }: StoredRevision,
  publishedAt: number,
): Promise<{ created: boolean; active: string }> {
  await lock(sql, [nameOf(tenant, model)])
  const known = await find(sql, tenant, model, revision)
  if (!known) {
    await sql`
      INSERT INTO vitrine.revisions (tenant, model, revision, manifest, etag, published_at, ordinal)
      SELECT ${tenant}, ${model}, ${revision}, ${manifest}, ${etag}, ${publishedAt}, coalesce(max(ordinal), 0) + 1
      FROM vitrine.revisions WHERE tenant = ${tenant} AND model = ${model}`
    await activate(sql, tenant, model, revision, publishedAt)
    return { created: true, active: revision }
  }
  if (known.manifest !== manifest) {
    throw new VitrineError(
      'CONFLICT',
      `revision ${revision} of ${model} was published with another manifest; revisions never change: publish under a new name`,
    )
  }
  return { created: false, active: (await active(sql, tenant, model))?.revision ?? revision }
}

export async function active(sql: Sql, tenant: string, model: string): Promise<StoredRevision | undefined> {
  const { rows } = await sql<StoredRevision>`
    SELECT model, revision, manifest, etag
    FROM vitrine.active_revisions JOIN vitrine.revisions USING (tenant, model, revision)
    WHERE tenant = ${tenant} AND model = ${model}`
  return rows[0]
}

export async function activeOfAll(sql: Sql, tenant: string): Promise<Record<string, string>> {
  const { rows } = await sql<{ model: string; revision: string }>`
    SELECT model, revision FROM vitrine.active_revisions WHERE tenant = ${tenant}`
  return Object.fromEntries(rows.map(({ model, revision }) => [model, revision]))
}

/** Inside the caller's transaction. */
export async function rollBack(
  sql: Sql,
  tenant: string,
  model: string,
  options: { revision?: string | undefined; at: number },
): Promise<{ active: string; previous: string }> {
  await lock(sql, [nameOf(tenant, model)])
  const previous = (await active(sql, tenant, model))?.revision
  if (previous === undefined) {
    throw new VitrineError('MODEL_NOT_FOUND', `no revision of ${model} is published; publish one`)
  }
  const target = options.revision ?? (await before(sql, tenant, model, previous))
  if (target === undefined) {
    throw new VitrineError(
      'CONFLICT',
      `${previous} is the first revision of ${model}: there is nothing to roll back to`,
    )
  }
  if (!(await find(sql, tenant, model, target))) {
    throw new VitrineError('MODEL_NOT_FOUND', `${model} has no revision ${target}; name a published one`)
  }
  await activate(sql, tenant, model, target, options.at)
  return { active: target, previous }
}

async function find(
  sql: Sql,
  tenant: string,
  model: string,
  revision: string,
): Promise<StoredRevision | undefined> {
  const { rows } = await sql<StoredRevision>`
    SELECT model, revision, manifest, etag FROM vitrine.revisions
    WHERE tenant = ${tenant} AND model = ${model} AND revision = ${revision}`
  return rows[0]
}

async function before(
  sql: Sql,
  tenant: string,
  model: string,
  revision: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ revision: string }>`
    SELECT revision FROM vitrine.revisions
    WHERE tenant = ${tenant} AND model = ${model} AND ordinal < (
      SELECT ordinal FROM vitrine.revisions
      WHERE tenant = ${tenant} AND model = ${model} AND revision = ${revision}
    ) ORDER BY ordinal DESC LIMIT 1`
  return rows[0]?.revision
}

async function activate(
  sql: Sql,
  tenant: string,
  model: string,
  revision: string,
  at: number,
): Promise<void> {
  await sql`
    INSERT INTO vitrine.active_revisions (tenant, model, revision, activated_at)
    VALUES (${tenant}, ${model}, ${revision}, ${at})
    ON CONFLICT (tenant, model) DO UPDATE SET revision = excluded.revision, activated_at = excluded.activated_at`
}
