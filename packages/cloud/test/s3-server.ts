/**
 * An S3 server that others wrote, in this process. s3rver keeps objects but leaves signatures of version 4 unchecked,
 * so they are checked in front of it, by another signer than the one under test.
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, type RequestListener, createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import aws4 from 'aws4'

const require = createRequire(import.meta.url)

type GetObject = (bucket: string, key: string, options?: { end?: unknown }) => Promise<unknown>

/** The part of s3rver that is used here; it has no types of its own. */
interface S3rver {
  callback(): RequestListener
  configureBuckets(): Promise<void>
  store: { getObject: GetObject }
}
type S3rverClass = new (options: {
  silent: boolean
  directory: string
  configureBuckets: { name: string }[]
}) => S3rver

/** A server with one bucket. */
export interface S3Server {
  /** Variables as the command line reads them. */
  env: Record<string, string>
  bucket: string
  stop(): Promise<void>
}

/** The one account that s3rver knows. */
const ACCOUNT = 'S3RVER'

/** Starts one. */
export async function startS3(): Promise<S3Server> {
  const Server = require('s3rver') as S3rverClass
  const directory = await mkdtemp(join(tmpdir(), 'vitrine-s3-'))
  const bucket = 'vitrine-test'
  const s3 = new Server({ silent: true, directory, configureBuckets: [{ name: bucket }] })
  const getObject = s3.store.getObject.bind(s3.store)
  // It takes the last byte 0 for none named.
  s3.store.getObject = (name, key, options) =>
    getObject(name, key, options?.end === 0 ? { ...options, end: '0' } : options)
  await s3.configureBuckets()
  const listener = s3.callback()
  const server = createServer((request, response) => {
    if (isSigned(request)) return listener(request, response)
    request.resume()
    response.writeHead(403).end()
    return undefined
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: ACCOUNT,
    },
    bucket,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await rm(directory, { recursive: true })
    },
  }
}

/** Signs what arrived once more, and compares. */
function isSigned({ method, url, headers }: IncomingMessage): boolean {
  const { authorization = '', host } = headers
  const [, region, names = ''] =
    /\/([\w-]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+),/u.exec(authorization) ?? []
  if (region === undefined) return false
  const signedNames = names.split(';')
  const again = {
    service: 's3',
    region,
    ...(host !== undefined && { host }),
    ...(method !== undefined && { method }),
    ...(url !== undefined && { path: url }),
    headers: Object.fromEntries(signedNames.map((name) => [name, String(headers[name])])),
    // It leaves some out by itself, such as Range. Not among its types.
    extraHeadersToInclude: Object.fromEntries(signedNames.map((name) => [name, true])),
  }
  const { headers: signed } = aws4.sign(again, { accessKeyId: ACCOUNT, secretAccessKey: ACCOUNT })
  return signed?.['Authorization'] === authorization
}
