import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { describeArtifactStore, hashOf, streamOf } from '../../test/artifact-conformance.ts'
import { type S3Server, hasS3, startS3 } from '../../test/s3-server.ts'
import { openS3Artifacts, s3OptionsOf } from './s3.ts'

// A server of its own and the best compression: a second on a quiet machine, several on a busy one.
vi.setConfig({ testTimeout: 60_000 })

const CONTENT = Buffer.from('{"items":[]}')

const withBody = ({ url, method, headers }: Request, body: string | Buffer<ArrayBuffer>) =>
  new Request(url, { method, headers, body })

describe.skipIf(!hasS3())('object storage', () => {
  let server: S3Server
  let folders = 0
  beforeAll(async () => {
    server = await startS3()
  }, 60_000)
  afterAll(() => server.stop())

  const options = (prefix: string, env: Record<string, string> = {}) =>
    s3OptionsOf(`s3://${server.bucket}/${prefix}`, { ...server.env, ...env })

  const signer = () => new AwsClient({ ...options(''), service: 's3', region: 'us-east-1' })

  async function count(prefix: string): Promise<number> {
    const { endpoint, bucket } = options('')
    const answer = await signer().fetch(`${endpoint}/${bucket}?list-type=2&prefix=${prefix}`)
    return (await answer.text()).split('<Key>').length - 1
  }

  /** Stores the content by requests that are changed on their way. */
  const sendChanged = (change: (signed: Request) => Request | Promise<Request>): Promise<unknown> =>
    openS3Artifacts({
      ...options('altered'),
      fetch: async (input) => {
        const signed = input as Request
        return fetch(signed.method === 'PUT' ? await change(signed) : signed)
      },
    }).put(hashOf(CONTENT), streamOf(CONTENT), { maxBytes: 1000 })

  describeArtifactStore('S3', async () => {
    const prefix = `shop/${++folders}`
    return {
      open: () => openS3Artifacts(options(prefix)),
      count: () => count(prefix),
      remove: async () => undefined,
    }
  })

  it('refuses a wrong secret: the server checks signatures', async () => {
    for (const env of [{ AWS_SECRET_ACCESS_KEY: 'wrong' }, { AWS_ACCESS_KEY_ID: 'NOBODY' }]) {
      const store = openS3Artifacts(options('wrong', env))
      const put = store.put(hashOf(CONTENT), streamOf(CONTENT), { maxBytes: 1000 })
      await expect(put).rejects.toMatchObject({ code: 'UNAVAILABLE' })
      await expect(store.check()).rejects.toThrow(/403/u)
      await expect(store.find(hashOf(CONTENT))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    }
    expect(await count('wrong')).toBe(0)
  })

  it('refuses an altered body, another address and an old request: all that is in the signature', async () => {
    const anHourAgo = new Date(Date.now() - 3_600_000).toISOString().replace(/[:-]|\.\d{3}/gu, '')

    await expect(sendChanged((signed) => withBody(signed, '{"items":[1}'))).rejects.toThrow(/answered 400/u)
    await expect(sendChanged((signed) => new Request(`${signed.url}x`, signed))).rejects.toThrow(
      /answered 403/u,
    )
    await expect(
      sendChanged((signed) => signer().sign(signed, { aws: { datetime: anHourAgo, allHeaders: true } })),
    ).rejects.toThrow(/answered 403/u)
    expect(await count('altered')).toBe(0)
    expect(await sendChanged((signed) => withBody(signed, CONTENT))).toMatchObject({ created: true })
  })

  it('repeats what the storage failed at, and gives up in the end', async () => {
    let failures = 2
    const flaky: typeof fetch = async (input, init) => {
      if (failures-- > 0) return new Response(null, { status: 503 })
      return fetch(input, init)
    }
    const store = openS3Artifacts({ ...options('flaky'), fetch: flaky })
    await store.put(hashOf(CONTENT), streamOf(CONTENT), { maxBytes: 1000 })
    failures = 2
    expect(await store.find(hashOf(CONTENT))).toMatchObject({ bytes: CONTENT.length })
    failures = Infinity
    await expect(store.read(hashOf(CONTENT))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('finds all forms of an artifact that arrives while it is looked up', async () => {
    const content = Buffer.from('{"items":[]}'.repeat(500))
    const sha256 = hashOf(content)
    const publisher = openS3Artifacts(options('arriving'))
    const store = openS3Artifacts({
      ...options('arriving'),
      fetch: async (input) => {
        const request = input as Request
        if (request.url.endsWith(sha256)) {
          await publisher.put(sha256, streamOf(content), { maxBytes: content.length })
        }
        return fetch(request)
      },
    })
    const found = await store.find(sha256)
    expect(Object.keys(found!.encoded)).toEqual(['br', 'gzip'])
    // What was found is kept, as it never changes.
    expect(await store.find(sha256)).toEqual(found)
  })

  it('says that the storage or the bucket cannot be reached', async () => {
    const nowhere = openS3Artifacts(options('x', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }))
    await expect(nowhere.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    const missing = openS3Artifacts({ ...options('x'), bucket: 'another' })
    await expect(missing.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  it('takes its settings from the address and the usual variables', () => {
    const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
    expect(s3OptionsOf('s3://models/shop/', { ...credentials, AWS_REGION: 'eu-central-1' })).toEqual({
      bucket: 'models',
      prefix: 'shop',
      region: 'eu-central-1',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
    })
    expect(
      s3OptionsOf('s3://models', { ...credentials, AWS_ENDPOINT_URL: 'http://minio:9000/' }),
    ).toMatchObject({
      endpoint: 'http://minio:9000',
    })
    for (const [address, env] of [
      ['s3://', credentials],
      ['s3://Models', credentials],
      ['s3://models/a?b', credentials],
      ['models', credentials],
      ['s3://models', {}],
    ] as const) {
      expect(() => s3OptionsOf(address, env)).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }))
    }
  })
})
