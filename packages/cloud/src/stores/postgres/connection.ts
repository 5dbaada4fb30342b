/** Connections to PostgreSQL: a pool, transactions that are durable when they resolve, locks, coded errors. */
import postgres from 'postgres'
import { VitrineError, isVitrineError } from '@vitrine/contracts'

/** The pool, or one transaction of it. Integers of 64 bits arrive as numbers: none here leaves 2⁵³. */
export type Sql = postgres.ISql<{ bigint: number }>

/** The pool. */
export type Pool = postgres.Sql<{ bigint: number }>

const CONNECT_TIMEOUT_S = 5
/** A statement that runs longer gives its connection back. */
const STATEMENT_TIMEOUT_MS = 15_000
const CLOSE_TIMEOUT_S = 5

/** Opens a pool; nothing is sent before the first statement. */
export function openPool(url: string, { connections }: { connections: number }): Pool {
  return postgres(url, {
    max: connections,
    connect_timeout: CONNECT_TIMEOUT_S,
    connection: { application_name: 'vitrine', statement_timeout: STATEMENT_TIMEOUT_MS },
    // Saves a query a connection: no column here is an array.
    fetch_types: false,
    onnotice: () => undefined,
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
    },
  }) as Pool
}

/** Ends a pool once what is under way has ended. */
export function closePool(pool: Pool): Promise<void> {
  return pool.end({ timeout: CLOSE_TIMEOUT_S })
}

/**
 * Runs `work` in one transaction. It resolves after the commit is on the server's disk, whatever the server's own
 * default is. READ COMMITTED: each statement sees what was committed before it began, so one that waited for a lock
 * sees what its holder wrote.
 */
export async function transaction<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const result = await pool.begin('ISOLATION LEVEL READ COMMITTED', async (sql) => {
    // Sent ahead of the work, not waited for: one round trip less.
    const durable = sql`SET LOCAL synchronous_commit = on`.execute()
    const [done] = await Promise.all([work(sql), durable])
    return { done }
  })
  return result.done
}

/** Waits for a lock on each name until the transaction ends; in one order everywhere, so nobody waits in a circle. */
export async function lock(sql: Sql, names: readonly string[]): Promise<void> {
  await sql`
    SELECT pg_advisory_xact_lock(key) FROM (
      SELECT DISTINCT hashtextextended('vitrine ' || name, 0) AS key
      FROM json_array_elements_text(${JSON.stringify(names)}::text::json) AS name ORDER BY key
    ) AS sorted`
}

/** Turns what the driver throws into a coded error that says: repeat later. */
export async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isVitrineError(error)) throw error
    throw new VitrineError('UNAVAILABLE', `the database refused: ${reason(error)}; repeat later`, {
      cause: error,
    })
  }
}

/** The driver's message; never the connection string, which holds a password. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
