/** Connections to PostgreSQL: a pool, transactions that are durable when they resolve, locks, coded errors. */
import pg from 'pg'
import { VitrineError, isVitrineError } from '@vitrine/contracts'

/**
 * Runs one statement on the pool or in a transaction: sql`SELECT … WHERE id = ${id}`. Values travel apart from the
 * text. Integers of 64 bits arrive as numbers: none here leaves 2⁵³. Each template is prepared once a connection.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the columns are, as the caller knows them
export type Sql = <Row extends pg.QueryResultRow = never>(
  strings: TemplateStringsArray,
  ...values: readonly unknown[]
) => Promise<{ rows: Row[]; count: number }>

/** What is done in a transaction. `run` takes a text of several statements, without values. */
export type Work<T> = (sql: Sql, run: (text: string) => Promise<unknown>) => Promise<T>

/** Connections that are opened when needed. */
export interface Pool {
  sql: Sql
  /**
   * Runs `work` in one transaction. It resolves after the commit is on the server's disk, whatever the server's own
   * default is. READ COMMITTED: each statement sees what was committed before it began, so one that waited for a
   * lock sees what its holder wrote. Statements that `work` does not wait for go out together.
   */
  transaction<T>(work: Work<T>): Promise<T>
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5000
/** A statement that runs longer gives its connection back. */
const STATEMENT_TIMEOUT_MS = 15_000
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = on'

const INT8 = 20
const types = new pg.TypeOverrides()
types.setTypeParser(INT8, Number)

/** Opens a pool; nothing is sent before the first statement. */
export function openPool(url: string, { connections }: { connections: number }): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'vitrine',
    keepAlive: true,
    pipeline: true,
    types,
  })
  // A connection that breaks while nobody waits for it is replaced when next needed; while somebody does, he is told.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))

  async function transaction<T>(work: Work<T>): Promise<T> {
    const client = await pool.connect()
    let broken = false
    try {
      // Sent ahead of the work, not waited for: one round trip less.
      const [begun, result] = await Promise.allSettled([
        client.query(BEGIN),
        work(sqlOf(client), (text) => client.query(text)),
      ])
      if (result.status === 'rejected') throw result.reason
      if (begun.status === 'rejected') throw begun.reason
      const { command } = await client.query('COMMIT')
      // What PostgreSQL says to COMMIT after a statement failed.
      if (command !== 'COMMIT') throw new Error(`the commit was answered with ${command}`)
      return result.value
    } catch (error) {
      await client.query('ROLLBACK').catch(() => (broken = true))
      throw error
    } finally {
      client.release(broken)
    }
  }

  return { sql: sqlOf(pool), transaction, close: () => pool.end() }
}

/** One name and one text a template: the same array at every call. */
const prepared = new WeakMap<TemplateStringsArray, { name: string; text: string }>()
let templates = 0

function sqlOf(connection: Pick<pg.Pool, 'query'>): Sql {
  return async (strings, ...values) => {
    let statement = prepared.get(strings)
    if (!statement) {
      const text = strings.reduce((before, part, index) => `${before}$${index}${part}`)
      statement = { name: `vitrine_${++templates}`, text }
      prepared.set(strings, statement)
    }
    const result = await connection.query({ ...statement, values: [...values] })
    return { rows: result.rows as never[], count: result.rowCount ?? 0 }
  }
}

/** Waits for a lock on each name until the transaction ends; in one order everywhere, so nobody waits in a circle. */
export async function lock(sql: Sql, names: readonly string[]): Promise<void> {
  await sql`
    SELECT pg_advisory_xact_lock(key) FROM (
      SELECT DISTINCT hashtextextended('vitrine ' || name, 0) AS key
      FROM json_array_elements_text(${JSON.stringify(names)}::json) AS name ORDER BY key
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
  // Several addresses of one host fail together, without a message of their own.
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
