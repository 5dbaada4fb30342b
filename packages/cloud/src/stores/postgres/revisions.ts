/** Published revisions and rollouts in PostgreSQL; semantics are those of the `Store` interface. */
import {
  nameTaken,
  neverOffered,
  neverPublished,
  rollbackOf,
  settled,
  withCandidate,
} from '../../rollout/change.ts'
import { type RolloutRow, rolloutOf } from '../rollout-row.ts'
import type {
  FailureReport,
  HaltRule,
  PublishedRevision,
  Rollout,
  StoredDelta,
  StoredRevision,
} from '../store.ts'
import { type Sql, lock } from './connection.ts'
import { nameOfDevice } from './devices.ts'

/** Names a model's lock: what changes its rollout does so one after the other. */
const nameOf = (tenant: string, model: string) => `model ${tenant} ${model}`

/** Inside the caller's transaction. */
export async function publish(
  sql: Sql,
  tenant: string,
  { model, revision, manifest, etag }: StoredRevision,
  { at, share }: { at: number; share: number },
): Promise<{ created: boolean; rollout: Rollout }> {
  await lock(sql, [nameOf(tenant, model)])
  const known = await findRevision(sql, tenant, model, revision)
  const current = await findRollout(sql, tenant, model)
  if (known && current) {
    if (known.manifest !== manifest) throw nameTaken(model, revision)
    return { created: false, rollout: current }
  }
  await sql`
    INSERT INTO vitrine.revisions (tenant, model, revision, manifest, etag, published_at, ordinal)
    SELECT ${tenant}, ${model}, ${revision}, ${manifest}, ${etag}, ${at}, coalesce(max(ordinal), 0) + 1
    FROM vitrine.revisions WHERE tenant = ${tenant} AND model = ${model}`
  const next = current ? withCandidate(current, { revision, share, at }) : settled(model, revision, at)
  return { created: true, rollout: await keep(sql, tenant, next) }
}

export async function findRevision(
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

export async function listRevisions(
  sql: Sql,
  tenant: string,
  model: string,
  limit: number,
): Promise<PublishedRevision[]> {
  const { rows } = await sql<PublishedRevision>`
    SELECT revision, published_at AS "publishedAt", count(device) AS offered, count(failed_at) AS failed
    FROM vitrine.revisions LEFT JOIN vitrine.revision_devices USING (tenant, model, revision)
    WHERE tenant = ${tenant} AND model = ${model}
    GROUP BY revision, published_at, ordinal ORDER BY ordinal DESC LIMIT ${limit}`
  return rows
}

export async function findRollout(sql: Sql, tenant: string, model: string): Promise<Rollout | undefined> {
  const { rows } = await sql<RolloutRow>`
    SELECT * FROM vitrine.rollouts WHERE tenant = ${tenant} AND model = ${model}`
  return rows.map(rolloutOf)[0]
}

export async function listRollouts(sql: Sql, tenant: string): Promise<Rollout[]> {
  const { rows } =
    await sql<RolloutRow>`SELECT * FROM vitrine.rollouts WHERE tenant = ${tenant} ORDER BY model`
  return rows.map(rolloutOf)
}

/** Inside the caller's transaction. */
export async function setRollout(
  sql: Sql,
  tenant: string,
  model: string,
  options: { revision: string; share: number; at: number },
): Promise<Rollout> {
  await lock(sql, [nameOf(tenant, model)])
  const current = await findRollout(sql, tenant, model)
  if (!current) throw neverPublished(model)
  if (!(await findRevision(sql, tenant, model, options.revision))) {
    throw neverPublished(model, options.revision)
  }
  return keep(sql, tenant, withCandidate(current, options))
}

/** Inside the caller's transaction. */
export async function rollBack(
  sql: Sql,
  tenant: string,
  model: string,
  { revision, at }: { revision?: string | undefined; at: number },
): Promise<{ active: string; previous: string }> {
  await lock(sql, [nameOf(tenant, model)])
  const current = await findRollout(sql, tenant, model)
  if (!current) throw neverPublished(model)
  const { rows } = await sql<{ revision: string }>`
    SELECT revision FROM vitrine.revisions
    WHERE tenant = ${tenant} AND model = ${model} AND ordinal < (
      SELECT ordinal FROM vitrine.revisions
      WHERE tenant = ${tenant} AND model = ${model} AND revision = ${current.stable}
    ) ORDER BY ordinal DESC LIMIT 1`
  const change = rollbackOf(current, { revision, before: rows[0]?.revision })
  if (!(await findRevision(sql, tenant, model, change.active))) throw neverPublished(model, change.active)
  await keep(sql, tenant, settled(model, change.active, at))
  return change
}

async function keep(sql: Sql, tenant: string, changed: Rollout): Promise<Rollout> {
  const { model, stable, candidate, share, changedAt } = changed
  await sql`
    INSERT INTO vitrine.rollouts (tenant, model, stable, candidate, share, changed_at)
    VALUES (${tenant}, ${model}, ${stable}, ${candidate ?? null}, ${share}, ${changedAt})
    ON CONFLICT (tenant, model) DO UPDATE SET stable = excluded.stable, candidate = excluded.candidate,
      share = excluded.share, changed_at = excluded.changed_at, halted_at = NULL`
  return changed
}

/** Inside the caller's transaction: whoever erases the device waits for it, or it sees that the device is erased. */
export async function recordOffer(
  sql: Sql,
  tenant: string,
  { model, revision, device, at }: { model: string; revision: string; device: string; at: number },
): Promise<void> {
  await Promise.all([
    lock(sql, [nameOfDevice(tenant, device)]),
    sql`
      INSERT INTO vitrine.revision_devices (tenant, model, revision, device, offered_at)
      SELECT ${tenant}, ${model}, ${revision}, ${device}, ${at} WHERE NOT EXISTS (
        SELECT FROM vitrine.erased_devices WHERE tenant = ${tenant} AND device = ${device}
      ) ON CONFLICT DO NOTHING`,
  ])
}

/** Inside the caller's transaction. */
export async function reportFailure(
  sql: Sql,
  tenant: string,
  { model, revision, device, code, at }: FailureReport,
  rule: HaltRule,
): Promise<{ isNew: boolean; isHalted: boolean }> {
  // Else two that come at once would each miss the other in its count.
  await lock(sql, [nameOf(tenant, model)])
  if (!(await findRevision(sql, tenant, model, revision))) throw neverPublished(model, revision)
  const { rows } = await sql<{ failed_at: number | null }>`
    SELECT failed_at FROM vitrine.revision_devices
    WHERE tenant = ${tenant} AND model = ${model} AND revision = ${revision} AND device = ${device}`
  const [offer] = rows
  if (!offer) throw neverOffered(model, revision)
  if (offer.failed_at !== null) return { isNew: false, isHalted: false }
  await sql`
    UPDATE vitrine.revision_devices SET failed_at = ${at}, code = ${code}
    WHERE tenant = ${tenant} AND model = ${model} AND revision = ${revision} AND device = ${device}`
  const halted = await sql`
    UPDATE vitrine.rollouts SET halted_at = ${at}
    WHERE tenant = ${tenant} AND model = ${model} AND candidate = ${revision} AND halted_at IS NULL AND (
      SELECT count(failed_at) >= greatest(${rule.devices}::float, count(*) * ${rule.share}::float)
      FROM vitrine.revision_devices
      WHERE tenant = ${tenant} AND model = ${model} AND revision = ${revision}
    )`
  return { isNew: true, isHalted: halted.count > 0 }
}

export async function addDelta(sql: Sql, { from, to, sha256 }: StoredDelta): Promise<{ created: boolean }> {
  const { count } = await sql`
    INSERT INTO vitrine.deltas (from_sha256, to_sha256, sha256) VALUES (${from}, ${to}, ${sha256})
    ON CONFLICT DO NOTHING`
  return { created: count > 0 }
}

export async function findDelta(sql: Sql, from: string, to: string): Promise<StoredDelta | undefined> {
  const { rows } = await sql<{ sha256: string }>`
    SELECT sha256 FROM vitrine.deltas WHERE from_sha256 = ${from} AND to_sha256 = ${to}`
  return rows[0] && { from, to, sha256: rows[0].sha256 }
}
