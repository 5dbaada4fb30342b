/** A PostgreSQL server of the tests' own: Debian's binaries, a temporary folder, loopback, any free port. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'

const DEBIAN = '/usr/lib/postgresql'
const MAX_STARTS = 100

/** Folder of the newest server's binaries, or `undefined` where there is none. */
function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number).filter(Boolean) : []
  const folder = join(DEBIAN, String(Math.max(0, ...versions)), 'bin')
  return existsSync(join(folder, 'postgres')) ? folder : undefined
}

/**
 * True where the tests can have a server. Says so where not: a test that is skipped in silence is taken for one that
 * passed. With CI=true its absence is a failure.
 */
export function hasPostgres(): boolean {
  if (findPostgres() !== undefined) return true
  const advice = 'install it (on Debian: apt-get install postgresql)'
  if (process.env['CI'] === 'true') throw new Error(`There is no PostgreSQL on this machine: ${advice}.`)
  process.stderr.write(`Skipped for want of PostgreSQL, ${advice}.\n`)
  return false
}

/** A server that runs. */
export interface PostgresServer {
  /** Creates an empty database and returns its URL. */
  createDatabase(): Promise<string>
  /** Ends it as a crash does: nothing that is not on disk survives. */
  kill(): Promise<void>
  /** Starts it again in the same folder, on the same port. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts one. */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const binaries = findPostgres()
  if (binaries === undefined) throw new Error('there is no PostgreSQL; see hasPostgres()')
  const user = unprivileged()
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-postgres-'))
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const as = { ...user, cwd: folder, env: { LC_ALL: 'C', PATH: process.env['PATH'] } }
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'vitrine', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...as, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const port = await freePort()
  const urlOf = (database: string) => `postgres://vitrine@127.0.0.1:${port}/${database}`
  let server: ChildProcess | undefined
  let databases = 0

  async function start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const refusal = await tryStart()
      if (refusal === undefined) return
      // After a kill its children take a moment to notice, and hold the shared memory until then.
      if (attempt === MAX_STARTS) throw new Error(`PostgreSQL did not start:\n${refusal}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function tryStart(): Promise<string | undefined> {
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const started = spawn(
      join(binaries!, 'postgres'),
      // No socket file: its path would be too long in some folders.
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', '', ...options],
      { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    server = started
    const lines: string[] = []
    for await (const line of createInterface(started.stderr)) {
      if (line.includes('ready to accept connections')) {
        // Whoever writes to a full pipe stands still.
        started.stderr.resume()
        return undefined
      }
      lines.push(line)
    }
    return lines.join('\n')
  }

  async function end(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }

  await start()
  return {
    start,
    kill: () => end('SIGKILL'),
    createDatabase: async () => {
      const name = `test${++databases}`
      const client = new pg.Client({ connectionString: urlOf('postgres') })
      await client.connect()
      await client.query(`CREATE DATABASE ${name} STRATEGY wal_log`)
      await client.end()
      return urlOf(name)
    },
    stop: async () => {
      await end('SIGQUIT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root: an account that Debian has is taken then. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name, , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  )
  return accounts.get('postgres') ?? accounts.get('nobody')
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
