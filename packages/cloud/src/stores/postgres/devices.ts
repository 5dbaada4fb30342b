/** Keys of devices, used proofs and shared secrets in PostgreSQL; semantics are those of the `Store` interface. */
import { deviceErased } from '../device-erased.ts'
import { type Sql, lock } from './connection.ts'

/** Names a device's lock: whoever holds it is the only one to append to its logs, to bind it or to erase it. */
export function nameOfDevice(tenant: string, device: string): string {
  return `device ${tenant} ${device}`
}

/** Inside the caller's transaction. */
export async function bindDevice(
  sql: Sql,
  tenant: string,
  device: string,
  thumbprint: string,
  boundAt: number,
): Promise<string> {
  await lock(sql, [nameOfDevice(tenant, device)])
  const erased = await sql`SELECT FROM vitrine.erased_devices WHERE tenant = ${tenant} AND device = ${device}`
  if (erased.count > 0) throw deviceErased()
  await sql`
    INSERT INTO vitrine.device_keys (tenant, device, thumbprint, bound_at)
    VALUES (${tenant}, ${device}, ${thumbprint}, ${boundAt}) ON CONFLICT DO NOTHING`
  const { rows } = await sql<{ thumbprint: string }>`
    SELECT thumbprint FROM vitrine.device_keys WHERE tenant = ${tenant} AND device = ${device}`
  return rows[0]!.thumbprint
}

/** Inside the caller's transaction. */
export async function useProof(
  sql: Sql,
  id: string,
  { expiresAt, now }: { expiresAt: number; now: number },
): Promise<boolean> {
  const [, { count }] = await Promise.all([
    // What another replica is deleting is left to it: two that delete the same rows could wait in a circle.
    sql`DELETE FROM vitrine.used_proofs WHERE id IN (
      SELECT id FROM vitrine.used_proofs WHERE expires_at <= ${now} FOR UPDATE SKIP LOCKED)`,
    sql`INSERT INTO vitrine.used_proofs (id, expires_at) VALUES (${id}, ${expiresAt}) ON CONFLICT DO NOTHING`,
  ])
  return count > 0
}

/** Inside the caller's transaction. */
export async function secret(sql: Sql, name: string, fresh: string): Promise<string> {
  await sql`INSERT INTO vitrine.secrets (name, secret) VALUES (${name}, ${fresh}) ON CONFLICT DO NOTHING`
  const { rows } = await sql<{ secret: string }>`SELECT secret FROM vitrine.secrets WHERE name = ${name}`
  return rows[0]!.secret
}
