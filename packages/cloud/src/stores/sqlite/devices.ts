/** Keys of devices, used proofs and shared secrets in SQLite. Each function runs inside its caller's transaction. */
import type Database from 'libsql'
import { deviceErased } from '../device-erased.ts'

/** What the store knows of devices' identity; semantics are those of the `Store` interface. */
export interface DeviceTables {
  bind(tenant: string, device: string, thumbprint: string, boundAt: number): string
  useProof(id: string, times: { expiresAt: number; now: number }): boolean
  secret(name: string, fresh: string): string
}

/** Prepares the statements. */
export function deviceTables(database: Database.Database): DeviceTables {
  const findErased = database.prepare('SELECT 1 FROM erased_devices WHERE tenant = ? AND device = ?')
  const insertKey = database.prepare(
    `INSERT INTO device_keys (tenant, device, thumbprint, bound_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const selectKey = database.prepare('SELECT thumbprint FROM device_keys WHERE tenant = ? AND device = ?')
  const deleteProofs = database.prepare('DELETE FROM used_proofs WHERE expires_at <= ?')
  const insertProof = database.prepare(
    'INSERT INTO used_proofs (id, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const insertSecret = database.prepare(
    'INSERT INTO secrets (name, secret) VALUES (?, ?) ON CONFLICT DO NOTHING',
  )
  const selectSecret = database.prepare('SELECT secret FROM secrets WHERE name = ?')

  return {
    bind: (tenant, device, thumbprint, boundAt) => {
      if (findErased.get(tenant, device) !== undefined) throw deviceErased()
      insertKey.run(tenant, device, thumbprint, boundAt)
      return (selectKey.get(tenant, device) as { thumbprint: string }).thumbprint
    },
    useProof: (id, { expiresAt, now }) => {
      deleteProofs.run(now)
      return insertProof.run(id, expiresAt).changes > 0
    },
    secret: (name, fresh) => {
      insertSecret.run(name, fresh)
      return (selectSecret.get(name) as { secret: string }).secret
    },
  }
}
