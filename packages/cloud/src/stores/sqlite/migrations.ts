/** The SQLite schema, one step a version; steps are only ever added. */
import type Database from 'libsql'
import { VitrineError } from '@vitrine/contracts'

/**
 * `events` and its kind are WITHOUT ROWID: a device's events lie side by side in key order, and there is no
 * second tree to write. Times are Unix ms; `devices` of logs are 32 hex digits as on the wire.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('publishable', 'secret')),
    tenant TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE key_origins (
    origin TEXT NOT NULL,
    key_id TEXT NOT NULL REFERENCES keys (id),
    PRIMARY KEY (origin, key_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX key_origins_of_key ON key_origins (key_id);

  CREATE TABLE events (
    tenant TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    item TEXT,
    query TEXT,
    at INTEGER NOT NULL,
    placement TEXT,
    revision TEXT,
    value REAL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, device, epoch, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE high_water_marks (
    tenant TEXT NOT NULL,
    device TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (tenant, device, epoch)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE erased_devices (
    tenant TEXT NOT NULL,
    device TEXT NOT NULL,
    erased_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, device)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE revisions (
    tenant TEXT NOT NULL,
    model TEXT NOT NULL,
    revision TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    manifest TEXT NOT NULL,
    etag TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, model, revision),
    UNIQUE (tenant, model, ordinal)
  ) STRICT;

  CREATE TABLE active_revisions (
    tenant TEXT NOT NULL,
    model TEXT NOT NULL,
    revision TEXT NOT NULL,
    activated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, model),
    FOREIGN KEY (tenant, model, revision) REFERENCES revisions (tenant, model, revision)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE rollouts (
    tenant TEXT NOT NULL,
    model TEXT NOT NULL,
    stable TEXT NOT NULL,
    candidate TEXT,
    share REAL NOT NULL CHECK (share BETWEEN 0 AND 1),
    changed_at INTEGER NOT NULL,
    halted_at INTEGER,
    PRIMARY KEY (tenant, model),
    FOREIGN KEY (tenant, model, stable) REFERENCES revisions (tenant, model, revision),
    FOREIGN KEY (tenant, model, candidate) REFERENCES revisions (tenant, model, revision)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO rollouts SELECT tenant, model, revision, NULL, 1, activated_at, NULL FROM active_revisions;
  DROP TABLE active_revisions;

  CREATE TABLE revision_devices (
    tenant TEXT NOT NULL,
    model TEXT NOT NULL,
    revision TEXT NOT NULL,
    device TEXT NOT NULL,
    offered_at INTEGER NOT NULL,
    failed_at INTEGER,
    code TEXT,
    PRIMARY KEY (tenant, model, revision, device)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX revision_devices_of_device ON revision_devices (tenant, device);

  CREATE TABLE deltas (
    from_sha256 TEXT NOT NULL,
    to_sha256 TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (from_sha256, to_sha256)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE keys ADD COLUMN needs_token INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE device_keys (
    tenant TEXT NOT NULL,
    device TEXT NOT NULL,
    thumbprint TEXT NOT NULL,
    bound_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, device)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE used_proofs (
    id TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX used_proofs_by_expiry ON used_proofs (expires_at);

  CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    secret TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
]

/**
 * Brings a database to the newest schema, in one transaction, also when several processes open it at once.
 *
 * @throws `VitrineError('STORAGE_FAILED')` when a newer version of this code wrote it.
 */
export function migrate(database: Database.Database, migrations: readonly string[] = MIGRATIONS): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    const row = database.prepare('PRAGMA user_version').get() as { user_version: number }
    const version = row.user_version
    if (version > migrations.length) {
      throw new VitrineError(
        'STORAGE_FAILED',
        `the database has schema ${version}, this version knows up to ${migrations.length}: update Vitrine`,
      )
    }
    for (const step of migrations.slice(version)) database.exec(step)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
