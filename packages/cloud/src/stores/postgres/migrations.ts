/** The PostgreSQL schema, one step a version; steps are only ever added. */
import { VitrineError } from '@vitrine/contracts'
import { type Pool, lock } from './connection.ts'

/**
 * Everything lies in a schema of its own. Text is compared byte by byte (`COLLATE "C"`), so that keys are in the
 * same order on every server. Times are Unix ms.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE vitrine.keys (
    id text COLLATE "C" PRIMARY KEY,
    hash text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('publishable', 'secret')),
    tenant text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    revoked_at bigint
  );

  CREATE TABLE vitrine.key_origins (
    origin text COLLATE "C" NOT NULL,
    key_id text COLLATE "C" NOT NULL REFERENCES vitrine.keys (id),
    PRIMARY KEY (origin, key_id)
  );
  CREATE INDEX key_origins_of_key ON vitrine.key_origins (key_id);

  CREATE TABLE vitrine.events (
    tenant text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    type text NOT NULL,
    item text,
    query text,
    at bigint NOT NULL,
    placement text,
    revision text,
    value double precision,
    received_at bigint NOT NULL,
    PRIMARY KEY (tenant, device, epoch, seq)
  );

  CREATE TABLE vitrine.high_water_marks (
    tenant text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    epoch text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    PRIMARY KEY (tenant, device, epoch)
  ) WITH (fillfactor = 70);

  CREATE TABLE vitrine.erased_devices (
    tenant text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    erased_at bigint NOT NULL,
    PRIMARY KEY (tenant, device)
  );

  CREATE TABLE vitrine.revisions (
    tenant text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    revision text COLLATE "C" NOT NULL,
    ordinal bigint NOT NULL,
    manifest text NOT NULL,
    etag text NOT NULL,
    published_at bigint NOT NULL,
    PRIMARY KEY (tenant, model, revision),
    UNIQUE (tenant, model, ordinal)
  );

  CREATE TABLE vitrine.active_revisions (
    tenant text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    revision text COLLATE "C" NOT NULL,
    activated_at bigint NOT NULL,
    PRIMARY KEY (tenant, model),
    FOREIGN KEY (tenant, model, revision) REFERENCES vitrine.revisions (tenant, model, revision)
  );
  `,
  `
  CREATE TABLE vitrine.rollouts (
    tenant text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    stable text COLLATE "C" NOT NULL,
    candidate text COLLATE "C",
    share double precision NOT NULL CHECK (share BETWEEN 0 AND 1),
    changed_at bigint NOT NULL,
    halted_at bigint,
    PRIMARY KEY (tenant, model),
    FOREIGN KEY (tenant, model, stable) REFERENCES vitrine.revisions (tenant, model, revision),
    FOREIGN KEY (tenant, model, candidate) REFERENCES vitrine.revisions (tenant, model, revision)
  );
  INSERT INTO vitrine.rollouts SELECT tenant, model, revision, NULL, 1, activated_at, NULL FROM vitrine.active_revisions;
  DROP TABLE vitrine.active_revisions;

  CREATE TABLE vitrine.revision_devices (
    tenant text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    revision text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    offered_at bigint NOT NULL,
    failed_at bigint,
    code text,
    PRIMARY KEY (tenant, model, revision, device)
  );
  CREATE INDEX revision_devices_of_device ON vitrine.revision_devices (tenant, device);

  CREATE TABLE vitrine.deltas (
    from_sha256 text COLLATE "C" NOT NULL,
    to_sha256 text COLLATE "C" NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (from_sha256, to_sha256)
  );

  ALTER TABLE vitrine.keys ADD COLUMN needs_token boolean NOT NULL DEFAULT false;

  CREATE TABLE vitrine.device_keys (
    tenant text COLLATE "C" NOT NULL,
    device text COLLATE "C" NOT NULL,
    thumbprint text NOT NULL,
    bound_at bigint NOT NULL,
    PRIMARY KEY (tenant, device)
  );

  CREATE TABLE vitrine.used_proofs (
    id text COLLATE "C" PRIMARY KEY,
    expires_at bigint NOT NULL
  );
  CREATE INDEX used_proofs_by_expiry ON vitrine.used_proofs (expires_at);

  CREATE TABLE vitrine.secrets (
    name text COLLATE "C" PRIMARY KEY,
    secret text NOT NULL
  );
  `,
]

/**
 * Brings a database to the newest schema, in one transaction, also when several replicas start at once.
 *
 * @throws `VitrineError('STORAGE_FAILED')` when a newer version of this code wrote it.
 */
export async function migrate(pool: Pool, migrations: readonly string[] = MIGRATIONS): Promise<void> {
  await pool.transaction(async (sql, run) => {
    await lock(sql, ['schema'])
    await run(SCHEMA)
    const { rows } = await sql<{ version: number }>`SELECT version FROM vitrine.schema_version`
    const version = rows[0]?.version ?? 0
    if (version > migrations.length) {
      throw new VitrineError(
        'STORAGE_FAILED',
        `the database has schema ${version}, this version knows up to ${migrations.length}: update Vitrine`,
      )
    }
    for (const step of migrations.slice(version)) await run(step)
    await sql`DELETE FROM vitrine.schema_version`
    await sql`INSERT INTO vitrine.schema_version VALUES (${migrations.length})`
  })
}

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS vitrine;
  CREATE TABLE IF NOT EXISTS vitrine.schema_version (version integer NOT NULL)`
