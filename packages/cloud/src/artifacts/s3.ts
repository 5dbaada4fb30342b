/**
 * Artifacts in object storage that speaks S3's protocol: one object each, named by its hash, and one for each encoded
 * form. An upload is hashed before anything of it is sent, and signed with that hash, so that the storage checks it
 * once more; the artifact itself is sent last, and an object appears whole or not at all.
 */
import { AwsClient } from 'aws4fetch'
import { VitrineError, isVitrineError } from '@vitrine/contracts'
import { sha256Hex } from '../sha256.ts'
import { compressions } from './compress.ts'
import { type ArtifactInfo, type ArtifactStore, ENCODINGS, type ReadOptions } from './store.ts'

/** Where the objects lie, and by whose leave. */
export interface S3Options {
  bucket: string
  /** Before each name; no slash at its ends. Missing: none. */
  prefix?: string
  /** Missing: `us-east-1`, which other storages than AWS mostly do not look at. */
  region?: string
  /** E.g. `http://minio:9000`: buckets are paths below it. Missing: AWS, where each bucket is a host. */
  endpoint?: string
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  fetch?: typeof fetch
}

const SUFFIX = { br: '.br', gzip: '.gz' } as const
/** The library waits longer each time; the first wait is 50 ms. */
const RETRIES = 3
/** What is there of an artifact never changes, and three requests tell it. */
const KNOWN_ARTIFACTS = 10_000

/** Opens a bucket; nothing is sent before the first call. */
export function openS3Artifacts({
  bucket,
  prefix = '',
  region = 'us-east-1',
  endpoint,
  fetch: request = fetch,
  ...credentials
}: S3Options): ArtifactStore {
  const client = new AwsClient({ ...credentials, region, service: 's3' })
  const root =
    endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`
  const urlOf = (name: string) => `${root}/${prefix === '' ? '' : `${prefix}/`}${name}`
  const known = new Map<string, ArtifactInfo>()

  /** Answers with one of `accept`, or throws. */
  async function ask(
    url: string,
    init: RequestInit,
    accept: readonly number[],
    what: string,
  ): Promise<Response> {
    try {
      for (let attempt = 0; ; attempt++) {
        const answer = await request(await client.sign(url, init))
        if (accept.includes(answer.status)) return answer
        await answer.body?.cancel()
        if (attempt === RETRIES || answer.status < 500) {
          const advice =
            answer.status === 403 ? 'check the AWS_* variables and the bucket’s policy' : 'repeat later'
          throw new VitrineError('UNAVAILABLE', `${what}: the storage answered ${answer.status}; ${advice}`)
        }
        await new Promise((resolve) => setTimeout(resolve, 50 * 4 ** attempt))
      }
    } catch (error) {
      throw coded(error, what)
    }
  }

  async function sizeOf(name: string): Promise<number | undefined> {
    const answer = await ask(urlOf(name), { method: 'HEAD' }, [200, 404], `cannot look up ${name}`)
    return answer.status === 200 ? Number(answer.headers.get('content-length')) : undefined
  }

  async function send(
    name: string,
    content: Uint8Array<ArrayBuffer>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const headers = { 'X-Amz-Content-Sha256': await sha256Hex(content) }
    const init = { method: 'PUT', body: content, headers, ...(signal && { signal }) }
    const answer = await ask(urlOf(name), init, [200], `cannot store ${name}`)
    await answer.body?.cancel()
  }

  async function put(
    sha256: string,
    body: ReadableStream<Uint8Array>,
    { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal | undefined },
  ): Promise<{ bytes: number; created: boolean }> {
    const content = await receive(body, maxBytes, signal)
    const actual = await sha256Hex(content)
    if (actual !== sha256) {
      throw new VitrineError(
        'ARTIFACT_CORRUPT',
        `the ${content.byteLength} bytes received hash to ${actual}, not to ${sha256}; upload again`,
      )
    }
    const created = (await sizeOf(sha256)) === undefined
    // The artifact itself comes last: once it is there, its encoded forms are.
    for (const [encoding, encoded] of await compressions(content)) {
      await send(`${sha256}${SUFFIX[encoding]}`, new Uint8Array(encoded), signal)
    }
    await send(sha256, content, signal)
    return { bytes: content.byteLength, created }
  }

  async function find(sha256: string): Promise<ArtifactInfo | undefined> {
    const hit = known.get(sha256)
    if (hit) return hit
    // The artifact first: where it is there its forms are, and asking for all at once could meet an upload halfway.
    const bytes = await sizeOf(sha256)
    if (bytes === undefined) return undefined
    const sizes = await Promise.all(ENCODINGS.map((encoding) => sizeOf(`${sha256}${SUFFIX[encoding]}`)))
    const forms = ENCODINGS.flatMap((encoding, index) => {
      const size = sizes[index]
      return size === undefined ? [] : [[encoding, size] as const]
    })
    const info: ArtifactInfo = { bytes, encoded: Object.fromEntries(forms) }
    if (known.size === KNOWN_ARTIFACTS) known.delete(known.keys().next().value!)
    known.set(sha256, info)
    return info
  }

  async function read(sha256: string, options?: ReadOptions): Promise<ReadableStream<Uint8Array>> {
    const suffix = options && 'encoding' in options ? SUFFIX[options.encoding] : ''
    const range = options && 'range' in options ? options.range : undefined
    const init = range ? { headers: { Range: `bytes=${range.first}-${range.last}` } } : {}
    const accept = [range ? 206 : 200, 404]
    const answer = await ask(urlOf(`${sha256}${suffix}`), init, accept, `cannot read ${sha256}`)
    if (answer.status === 404) {
      await answer.body?.cancel()
      throw new VitrineError(
        'ARTIFACT_NOT_FOUND',
        `there is no artifact ${sha256}; publish the revision again`,
      )
    }
    // An empty object may come without a body.
    return answer.body ?? new Blob([]).stream()
  }

  async function check(): Promise<void> {
    await ask(root, { method: 'HEAD' }, [200], `cannot reach the bucket ${bucket}`)
  }

  return { put, find, read, check }
}

async function receive(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      signal?.throwIfAborted()
      bytes += chunk.byteLength
      if (bytes > maxBytes) {
        throw new VitrineError('BODY_TOO_LARGE', `an artifact may have ${maxBytes} bytes at most`)
      }
      chunks.push(chunk)
    }
  } catch (error) {
    throw coded(error, 'the upload broke off')
  }
  const content = new Uint8Array(bytes)
  let offset = 0
  for (const chunk of chunks) {
    content.set(chunk, offset)
    offset += chunk.byteLength
  }
  return content
}

/** An aborted upload keeps its reason; anything else that is not coded is the network's. */
function coded(error: unknown, what: string): unknown {
  if (isVitrineError(error) || (error instanceof Error && error.name === 'AbortError')) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new VitrineError('UNAVAILABLE', `${what}: ${reason}; repeat later`, { cause: error })
}

/**
 * Reads `s3://bucket/prefix` and the usual AWS_* variables.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` when the address or the credentials are missing or odd.
 */
export function s3OptionsOf(address: string, env: Readonly<Record<string, string | undefined>>): S3Options {
  const [, bucket, prefix] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w!.*'()/-]*?))?\/?$/u.exec(address) ?? []
  if (bucket === undefined) {
    throw new VitrineError('INVALID_OPTIONS', `${JSON.stringify(address)} is no s3://bucket/prefix`)
  }
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (!accessKeyId || !secretAccessKey) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      'there are no credentials for the object storage; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    )
  }
  const region = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION']
  const endpoint = env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']
  const sessionToken = env['AWS_SESSION_TOKEN']
  return {
    bucket,
    accessKeyId,
    secretAccessKey,
    ...(prefix && { prefix }),
    ...(region && { region }),
    ...(endpoint && { endpoint: endpoint.replace(/\/+$/u, '') }),
    ...(sessionToken && { sessionToken }),
  }
}
