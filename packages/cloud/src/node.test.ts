import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hashOf } from '../test/artifact-conformance.ts'
import { batchOf } from '../test/batches.ts'
import { createKey } from './auth/keys.ts'
import { silentLogger } from './logger.ts'
import { type RunningServer, openFolder, serve } from './node.ts'

describe('serve', () => {
  let folder: string
  let keys: { publishable: string; secret: string }
  const servers: RunningServer[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-serve-'))
    const { store } = openFolder(folder)
    const publishable = await createKey(store, { kind: 'publishable', tenant: 'a', origins: ['*'] })
    const secret = await createKey(store, { kind: 'secret', tenant: 'a' })
    keys = { publishable: publishable.key, secret: secret.key }
    await store.close()
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close()
    await rm(folder, { recursive: true })
  })

  async function start(options: { port?: number; signal?: AbortSignal } = {}): Promise<RunningServer> {
    const server = await serve({ folder, port: 0, logger: silentLogger, ...options })
    servers.push(server)
    return server
  }

  async function storedEvents(): Promise<number> {
    const { store } = openFolder(folder)
    const events = await store.readEvents('a', { limit: 100 })
    await store.close()
    return events.length
  }

  /** Sends half a batch; `finish` sends the rest and returns the status. */
  function beginBatch(url: string): { finish: () => Promise<number> } {
    const body = JSON.stringify(batchOf(1, 5))
    const headers = { Authorization: `Bearer ${keys.publishable}` }
    const outgoing = request(`${url}/v1/events`, { method: 'POST', headers })
    const answered = new Promise<number>((resolve, reject) => {
      outgoing.on('error', reject)
      outgoing.on('response', (response) => {
        text(response).then(() => resolve(response.statusCode ?? 0), reject)
      })
    })
    outgoing.write(body.slice(0, 100))
    return {
      finish: () => {
        outgoing.end(body.slice(100))
        return answered
      },
    }
  }

  it('finishes what is under way when it closes, and takes nothing new', async () => {
    const server = await start()
    const batch = beginBatch(server.url)
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
    const closed = server.close()
    await expect(fetch(`${server.url}/health`)).rejects.toThrow('fetch failed')
    expect(await batch.finish()).toBe(200)
    const begin = performance.now()
    await closed
    // A connection kept alive must not hold it up.
    expect(performance.now() - begin).toBeLessThan(2000)
    expect(await storedEvents()).toBe(5)
  })

  it('closes when its signal is aborted, and does not start under one that is', async () => {
    const controller = new AbortController()
    const server = await start({ signal: controller.signal })
    controller.abort()
    await server.close()
    await expect(fetch(`${server.url}/health`)).rejects.toThrow('fetch failed')
    await expect(start({ signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('says which port is taken', async () => {
    const { url } = await start()
    const port = Number(new URL(url).port)
    await expect(start({ port })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(String(port)),
    })
  })

  it('sends and resumes artifacts over a real connection, in the form that the client takes', async () => {
    const { url } = await start()
    const content = Buffer.from('{"title":"Red retrospot bag"}'.repeat(20_000))
    const address = `${url}/v1/artifacts/${hashOf(content)}`
    const headers = { Authorization: `Bearer ${keys.secret}` }
    expect((await fetch(address, { method: 'PUT', headers, body: content })).status).toBe(201)
    const whole = await fetch(address, { headers: { 'Accept-Encoding': 'br, gzip' } })
    expect(whole.headers.get('content-encoding')).toBe('br')
    expect(Number(whole.headers.get('content-length'))).toBeLessThan(content.length / 100)
    expect(hashOf(Buffer.from(await whole.arrayBuffer()))).toBe(hashOf(content))
    const rest = await fetch(address, { headers: { Range: 'bytes=1000-', 'Accept-Encoding': 'identity' } })
    expect([rest.status, Buffer.from(await rest.arrayBuffer()).equals(content.subarray(1000))]).toEqual([
      206,
      true,
    ])
    const head = await fetch(address, { method: 'HEAD', headers: { 'Accept-Encoding': 'identity' } })
    expect(head.headers.get('content-length')).toBe(String(content.length))
  })

  it('survives an upload that breaks off, and a download that nobody reads to its end', async () => {
    const { url } = await start()
    const content = Buffer.alloc(3_000_000, 'noise that is long enough to need many packets')
    const address = `${url}/v1/artifacts/${hashOf(content)}`
    const headers = { Authorization: `Bearer ${keys.secret}` }
    await new Promise<void>((resolve) => {
      const outgoing = request(address, {
        method: 'PUT',
        headers: { ...headers, 'Content-Length': content.length },
      })
      outgoing.on('error', () => resolve())
      outgoing.write(content.subarray(0, 100_000), () =>
        outgoing.destroy(new Error('the shop closed its laptop')),
      )
    })
    expect((await fetch(address)).status).toBe(404)
    expect((await fetch(address, { method: 'PUT', headers, body: content })).status).toBe(201)
    const abort = new AbortController()
    const download = await fetch(address, {
      signal: abort.signal,
      headers: { 'Accept-Encoding': 'identity' },
    })
    await download.body!.getReader().read()
    abort.abort()
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('tells Prometheus of its process too', async () => {
    const { url } = await start()
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/^vitrine_build_info\{version="\d+\.\d+\.\d+"\} 1$/mu)
    expect(metrics).toMatch(/^process_resident_memory_bytes \d+$/mu)
  })
})
