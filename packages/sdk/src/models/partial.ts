/** What came of an artifact before its download broke off: kept in pieces until the rest has come. */
import type { Artifact } from '@vitrine/contracts'
import type { Database, Transaction } from '../storage/database.ts'

/** Keys sort by offset, behind the whole artifact's; ten digits reach beyond any artifact. */
function keyOf(sha256: string, offset: number): string {
  return `${sha256}@${String(offset).padStart(10, '0')}`
}

/** Returns the beginning of the artifact as far as it is there, in pieces; none where they do not fit together. */
export async function readPartial(
  database: Database,
  { sha256, bytes }: Artifact,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const rows = await database.transact('readonly', (transaction) =>
    transaction.range(keyOf(sha256, 0), keyOf(sha256, bytes)),
  )
  const pieces = rows.filter((row) => row instanceof Uint8Array) as Uint8Array<ArrayBuffer>[]
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return pieces.length === rows.length && length <= bytes ? pieces : []
}

/** Keeps the next piece. */
export async function appendPartial(
  database: Database,
  sha256: string,
  { offset, piece }: { offset: number; piece: Uint8Array<ArrayBuffer> },
): Promise<void> {
  await database.transact('readwrite', async (transaction) => {
    // Whatever lies there is of another download: from here on it does not fit any more.
    transaction.delete(keyOf(sha256, offset), `${sha256}A`)
    transaction.put(keyOf(sha256, offset), piece)
  })
}

/** Forgets the pieces. */
export function dropPartial(transaction: Transaction, sha256: string): void {
  transaction.delete(`${sha256}@`, `${sha256}A`)
}
