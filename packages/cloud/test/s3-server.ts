/**
 * An S3 server that others wrote: OpenStack Swift, from Debian. It checks signatures, the hash of each body and the
 * age of each request.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { AwsClient } from 'aws4fetch'

/** Debian's own interpreter: others do not see its packages. */
const PYTHON = '/usr/bin/python3'
const SWIFT = '/usr/lib/python3/dist-packages/swift'
const SCRIPT = fileURLToPath(new URL('swift-server.py', import.meta.url))

/** True where the tests can have a server; where not it says so, or fails under CI, as for PostgreSQL. */
export function hasS3(): boolean {
  if (existsSync(SWIFT)) return true
  const advice = 'install it (on Debian: apt-get install --no-install-recommends python3-swift)'
  if (process.env['CI'] === 'true') throw new Error(`There is no OpenStack Swift on this machine: ${advice}.`)
  process.stderr.write(`Skipped for want of OpenStack Swift, ${advice}.\n`)
  return false
}

/** A server with one bucket. */
export interface S3Server {
  /** Variables as the command line reads them. */
  env: Record<string, string>
  bucket: string
  stop(): Promise<void>
}

/** Starts one. */
export async function startS3(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-s3-'))
  const [account, user, secret] = ['vitrine', 'tester', crypto.randomUUID()]
  const server = spawn(PYTHON, [SCRIPT, folder, account, user, secret], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  let url: string | undefined
  for await (const port of createInterface(server.stdout)) {
    url = `http://127.0.0.1:${port}`
    break
  }
  if (url === undefined) throw new Error(`the S3 server ended with ${server.exitCode} before it listened`)
  const bucket = 'vitrine-test'
  const credentials = { accessKeyId: `${account}:${user}`, secretAccessKey: secret }
  const client = new AwsClient({ ...credentials, service: 's3', region: 'us-east-1' })
  const created = await client.fetch(`${url}/${bucket}`, { method: 'PUT' })
  if (!created.ok) throw new Error(`the bucket was not created: ${created.status} ${await created.text()}`)
  return {
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: secret,
    },
    bucket,
    stop: async () => {
      server.stdin.end()
      await ended
      await rm(folder, { recursive: true })
    },
  }
}
