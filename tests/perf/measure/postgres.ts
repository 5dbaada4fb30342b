/** A PostgreSQL server for one benchmark, from Debian's binaries and with the settings that it comes with. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const DEBIAN = '/usr/lib/postgresql'

/** A running server with an empty database. */
export interface Postgres {
  url: string
  /** E.g. `PostgreSQL 15`. */
  name: string
  stop(): Promise<void>
}

/** Starts one, or returns undefined where this machine has none. */
export async function startPostgres(): Promise<Postgres | undefined> {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number).filter(Boolean) : []
  if (versions.length === 0) return undefined
  const version = Math.max(...versions)
  const binaries = join(DEBIAN, String(version), 'bin')
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-postgres-'))
  const user = unprivileged()
  if (user) chownSync(folder, user.uid, user.gid)
  const as = { ...user, cwd: folder, env: { LC_ALL: 'C', PATH: process.env['PATH'] } }
  const data = join(folder, 'data')
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'vitrine', '--auth=trust', '--encoding=UTF8', '--locale=C'],
    {
      ...as,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
    {
      ...as,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  for await (const line of createInterface(server.stderr)) {
    if (line.includes('ready to accept connections')) break
  }
  if (server.exitCode !== null) throw new Error('PostgreSQL did not start.')
  server.stderr.resume()
  return {
    url: `postgres://vitrine@127.0.0.1:${port}/postgres`,
    name: `PostgreSQL ${version}`,
    stop: async () => {
      const ended = once(server, 'exit')
      server.kill('SIGQUIT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** It refuses to run as root: an account that Debian has is taken then. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  const [, , uid, gid] = (lines.find((line) => /^(?:postgres|nobody):/u.test(line)) ?? '').split(':')
  return { uid: Number(uid), gid: Number(gid) }
}
