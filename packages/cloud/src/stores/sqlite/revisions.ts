/** Published revisions and rollouts in SQLite. Each function runs inside its caller's transaction. */
import type Database from 'libsql'
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

/** What the store does with revisions; semantics are those of the `Store` interface. */
export interface RevisionTables {
  publish(
    tenant: string,
    revision: StoredRevision,
    options: { at: number; share: number },
  ): { created: boolean; rollout: Rollout }
  find(tenant: string, model: string, revision: string): StoredRevision | undefined
  list(tenant: string, model: string, limit: number): PublishedRevision[]
  rollout(tenant: string, model: string): Rollout | undefined
  rollouts(tenant: string): Rollout[]
  setRollout(tenant: string, model: string, options: { revision: string; share: number; at: number }): Rollout
  rollBack(
    tenant: string,
    model: string,
    options: { revision?: string | undefined; at: number },
  ): { active: string; previous: string }
  offer(tenant: string, offer: { model: string; revision: string; device: string; at: number }): void
  fail(tenant: string, report: FailureReport, rule: HaltRule): { isNew: boolean; isHalted: boolean }
  addDelta(delta: StoredDelta): { created: boolean }
  findDelta(from: string, to: string): StoredDelta | undefined
}

/** Prepares the statements. */
export function revisionTables(database: Database.Database): RevisionTables {
  const insert = database.prepare(
    `INSERT INTO revisions (tenant, model, revision, manifest, etag, published_at, ordinal)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6,
       (SELECT coalesce(max(ordinal), 0) + 1 FROM revisions WHERE tenant = ?1 AND model = ?2))`,
  )
  const select = database.prepare(
    'SELECT model, revision, manifest, etag FROM revisions WHERE tenant = ? AND model = ? AND revision = ?',
  )
  const selectBefore = database.prepare(
    `SELECT revision FROM revisions WHERE tenant = ?1 AND model = ?2 AND ordinal <
       (SELECT ordinal FROM revisions WHERE tenant = ?1 AND model = ?2 AND revision = ?3)
     ORDER BY ordinal DESC LIMIT 1`,
  )
  const selectHistory = database.prepare(
    `SELECT revision, published_at, count(device) AS offered, count(failed_at) AS failed
     FROM revisions LEFT JOIN revision_devices USING (tenant, model, revision)
     WHERE tenant = ? AND model = ? GROUP BY revision ORDER BY ordinal DESC LIMIT ?`,
  )
  const selectRollout = database.prepare('SELECT * FROM rollouts WHERE tenant = ? AND model = ?')
  const selectRollouts = database.prepare('SELECT * FROM rollouts WHERE tenant = ?')
  const replaceRollout = database.prepare(
    `INSERT INTO rollouts (tenant, model, stable, candidate, share, changed_at, halted_at)
     VALUES (?, ?, ?, ?, ?, ?, NULL)
     ON CONFLICT DO UPDATE SET stable = excluded.stable, candidate = excluded.candidate, share = excluded.share,
       changed_at = excluded.changed_at, halted_at = NULL`,
  )
  const insertOffer = database.prepare(
    `INSERT INTO revision_devices (tenant, model, revision, device, offered_at) SELECT ?1, ?2, ?3, ?4, ?5
     WHERE NOT EXISTS (SELECT 1 FROM erased_devices WHERE tenant = ?1 AND device = ?4)
     ON CONFLICT DO NOTHING`,
  )
  const selectOffer = database.prepare(
    'SELECT failed_at FROM revision_devices WHERE tenant = ? AND model = ? AND revision = ? AND device = ?',
  )
  const updateFailure = database.prepare(
    `UPDATE revision_devices SET failed_at = ?, code = ?
     WHERE tenant = ? AND model = ? AND revision = ? AND device = ?`,
  )
  const halt = database.prepare(
    `UPDATE rollouts SET halted_at = ?5 WHERE tenant = ?1 AND model = ?2 AND candidate = ?3 AND halted_at IS NULL
       AND (SELECT count(failed_at) >= max(?4 ->> 0, count(*) * (?4 ->> 1)) FROM revision_devices
         WHERE tenant = ?1 AND model = ?2 AND revision = ?3)`,
  )
  const insertDelta = database.prepare(
    'INSERT INTO deltas (from_sha256, to_sha256, sha256) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const selectDelta = database.prepare('SELECT sha256 FROM deltas WHERE from_sha256 = ? AND to_sha256 = ?')

  const find = (tenant: string, model: string, revision: string) =>
    revisionOf(select.get(tenant, model, revision))

  function rollout(tenant: string, model: string): Rollout | undefined {
    const row = selectRollout.get(tenant, model) as RolloutRow | undefined
    return row && rolloutOf(row)
  }

  function keep(tenant: string, changed: Rollout): Rollout {
    const { model, stable, candidate, share, changedAt } = changed
    replaceRollout.run(tenant, model, stable, candidate ?? null, share, changedAt)
    return changed
  }

  function publish(
    tenant: string,
    { model, revision, manifest, etag }: StoredRevision,
    { at, share }: { at: number; share: number },
  ): { created: boolean; rollout: Rollout } {
    const known = find(tenant, model, revision)
    const current = rollout(tenant, model)
    if (known && current) {
      if (known.manifest !== manifest) throw nameTaken(model, revision)
      return { created: false, rollout: current }
    }
    insert.run(tenant, model, revision, manifest, etag, at)
    const next = current ? withCandidate(current, { revision, share, at }) : settled(model, revision, at)
    return { created: true, rollout: keep(tenant, next) }
  }

  function setRollout(
    tenant: string,
    model: string,
    options: { revision: string; share: number; at: number },
  ): Rollout {
    const current = rollout(tenant, model)
    if (!current) throw neverPublished(model)
    if (!find(tenant, model, options.revision)) throw neverPublished(model, options.revision)
    return keep(tenant, withCandidate(current, options))
  }

  function rollBack(
    tenant: string,
    model: string,
    { revision, at }: { revision?: string | undefined; at: number },
  ): { active: string; previous: string } {
    const current = rollout(tenant, model)
    if (!current) throw neverPublished(model)
    const before = (selectBefore.get(tenant, model, current.stable) as { revision: string } | undefined)
      ?.revision
    const change = rollbackOf(current, { revision, before })
    if (!find(tenant, model, change.active)) throw neverPublished(model, change.active)
    keep(tenant, settled(model, change.active, at))
    return change
  }

  function list(tenant: string, model: string, limit: number): PublishedRevision[] {
    const rows = selectHistory.all(tenant, model, limit) as (Omit<PublishedRevision, 'publishedAt'> & {
      published_at: number
    })[]
    return rows.map(({ revision, published_at: publishedAt, offered, failed }) => {
      return { revision, publishedAt, offered, failed }
    })
  }

  function fail(
    tenant: string,
    { model, revision, device, code, at }: FailureReport,
    rule: HaltRule,
  ): { isNew: boolean; isHalted: boolean } {
    if (!find(tenant, model, revision)) throw neverPublished(model, revision)
    const offer = selectOffer.get(tenant, model, revision, device) as { failed_at: number | null } | undefined
    if (!offer) throw neverOffered(model, revision)
    if (offer.failed_at !== null) return { isNew: false, isHalted: false }
    updateFailure.run(at, code, tenant, model, revision, device)
    const thresholds = JSON.stringify([rule.devices, rule.share])
    return { isNew: true, isHalted: halt.run(tenant, model, revision, thresholds, at).changes > 0 }
  }

  return {
    publish,
    find,
    list,
    rollout,
    rollouts: (tenant) => (selectRollouts.all(tenant) as RolloutRow[]).map(rolloutOf),
    setRollout,
    rollBack,
    offer: (tenant, { model, revision, device, at }) => {
      insertOffer.run(tenant, model, revision, device, at)
    },
    fail,
    addDelta: ({ from, to, sha256 }) => ({ created: insertDelta.run(from, to, sha256).changes > 0 }),
    findDelta: (from, to) => {
      const row = selectDelta.get(from, to) as { sha256: string } | undefined
      return row && { from, to, sha256: row.sha256 }
    },
  }
}

/** Copies the columns: libsql hangs its own `_metadata` on every row. */
function revisionOf(row: unknown): StoredRevision | undefined {
  if (row === undefined) return undefined
  const { model, revision, manifest, etag } = row as StoredRevision
  return { model, revision, manifest, etag }
}
