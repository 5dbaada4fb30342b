/**
 * What a device may rely on an endpoint to do: passed by the real one, and by the one that the SDK's tests run against,
 * so that they cannot drift apart.
 */
import { beforeEach, describe, expect, it } from 'vitest'

/** An endpoint with a publishable key, and a model `tiny` that may be served. */
export interface EndpointUnderTest {
  /** Asks with the key. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** Items of all events that are stored. */
  items(): Promise<string[]>
  /** Serves a revision of one artifact, a catalogue. */
  serve(revision: string, artifact: Uint8Array<ArrayBuffer>): Promise<void>
}

const DEVICE = 'd'.repeat(32)
const OTHER = 'e'.repeat(32)
const EPOCH = 'a'.repeat(32)
const AT = Date.UTC(2026, 0, 1)

interface Batch {
  device?: string
  epoch?: string
  items: readonly string[]
  from?: number
}

function batchOf({ device = DEVICE, epoch = EPOCH, items, from = 1 }: Batch): object {
  const events = items.map((item, at) => ({ seq: from + at, type: 'view', item, at: AT }))
  return { device, epoch, firstSeq: from, events, sentAt: AT }
}

/** Status and error code in one text. */
async function outcome(response: Response): Promise<string> {
  const body = (await response.json()) as { error?: { code: string } }
  return `${response.status} ${body.error?.code ?? ''}`.trim()
}

/** Runs the suite. */
export function endpointConformance(name: string, open: () => Promise<EndpointUnderTest>): void {
  describe(`${name} answers a device`, () => {
    let endpoint: EndpointUnderTest
    beforeEach(async () => {
      endpoint = await open()
    })

    const post = (path: string, json: unknown): Promise<Response> =>
      endpoint.ask(path, { method: 'POST', body: JSON.stringify(json) })
    const send = async (batch: Batch): Promise<unknown> => (await post('/v1/events', batchOf(batch))).json()
    const items = async (): Promise<string[]> => (await endpoint.items()).toSorted()

    it('by the end of the batch, once it is stored', async () => {
      expect(await send({ items: ['a', 'b', 'c'] })).toMatchObject({ ackedThrough: 3, models: {} })
      expect(await items()).toEqual(['a', 'b', 'c'])
    })

    it('the same again when a batch is repeated, and keeps what came first', async () => {
      await send({ items: ['a', 'b'] })
      expect(await send({ items: ['x', 'y'] })).toMatchObject({ ackedThrough: 2 })
      expect(await items()).toEqual(['a', 'b'])
    })

    it('to a batch that begins within another by storing what is new', async () => {
      await send({ items: ['a', 'b'] })
      expect(await send({ items: ['b', 'c', 'd'], from: 2 })).toMatchObject({ ackedThrough: 4 })
      expect(await items()).toEqual(['a', 'b', 'c', 'd'])
    })

    it('to a batch after a gap, which the device may have dropped, by storing it', async () => {
      await send({ items: ['a'] })
      expect(await send({ items: ['z'], from: 9 })).toMatchObject({ ackedThrough: 9 })
      expect(await items()).toEqual(['a', 'z'])
    })

    it('to a late batch that comes after its successor by storing it once', async () => {
      await send({ items: ['c', 'd'], from: 3 })
      await send({ items: ['a', 'b'] })
      await send({ items: ['a', 'b', 'c', 'd'] })
      expect(await items()).toEqual(['a', 'b', 'c', 'd'])
    })

    it('to epochs and devices each for itself', async () => {
      await send({ items: ['a'] })
      await send({ items: ['b'], epoch: 'b'.repeat(32) })
      await send({ items: ['c'], device: OTHER })
      expect(await items()).toEqual(['a', 'b', 'c'])
    })

    it('to a gzip body', async () => {
      const packed = new Blob([JSON.stringify(batchOf({ items: ['a'] }))]).stream()
      const body = await new Response(packed.pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
      const headers = { 'content-encoding': 'gzip' }
      expect((await endpoint.ask('/v1/events', { method: 'POST', headers, body })).status).toBe(200)
      expect(await items()).toEqual(['a'])
    })

    it('that a batch with one bad event is refused whole', async () => {
      const batch = batchOf({ items: ['a', 'b'] }) as { events: object[] }
      batch.events[1] = { ...batch.events[1], type: 'nonsense' }
      expect(await outcome(await post('/v1/events', batch))).toBe('400 INVALID_REQUEST')
      expect(await items()).toEqual([])
    })

    it('that it is erased, and takes nothing more from it', async () => {
      await send({ items: ['a', 'b'] })
      await send({ items: ['c'], device: OTHER })
      expect((await post('/v1/erase', { device: DEVICE })).status).toBe(200)
      expect(await items()).toEqual(['c'])
      expect(await outcome(await post('/v1/events', batchOf({ items: ['d'], from: 3 })))).toBe(
        '410 DEVICE_ERASED',
      )
      // Told twice, as after a crash in between.
      expect((await post('/v1/erase', { device: DEVICE })).status).toBe(200)
      expect(await items()).toEqual(['c'])
    })

    it('which revision is the newest, by acknowledgement and manifest, and 304 to its ETag', async () => {
      const path = '/v1/models/tiny/manifest'
      expect((await endpoint.ask(path)).status).toBe(404)
      await endpoint.serve('r-1', new TextEncoder().encode('{"ids":[]}'))
      expect(await send({ items: ['a'] })).toMatchObject({ models: { tiny: 'r-1' } })
      const served = await endpoint.ask(path)
      expect(await served.json()).toMatchObject({ id: 'tiny', revision: 'r-1' })
      const headers = { 'if-none-match': served.headers.get('etag')! }
      expect((await endpoint.ask(path, { headers })).status).toBe(304)
    })

    it('with artifacts, whole and from where a download broke off', async () => {
      const artifact = new TextEncoder().encode('{"ids":["one","two"]}')
      await endpoint.serve('r-1', artifact)
      const hash = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', artifact)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join('')
      const ask = (range?: string): Promise<Response> =>
        endpoint.ask(`/v1/artifacts/${hash}`, range === undefined ? {} : { headers: { range } })
      expect(new Uint8Array(await (await ask()).arrayBuffer())).toEqual(artifact)
      const part = await ask('bytes=5-')
      expect(part.status).toBe(206)
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(artifact.slice(5))
      expect((await ask(`bytes=${artifact.length}-`)).status).toBe(416)
      const absent = '0'.repeat(64)
      expect((await endpoint.ask(`/v1/artifacts/${absent}`)).status).toBe(404)
      expect((await endpoint.ask(`/v1/deltas/${absent}/${hash}`)).status).toBe(404)
    })
  })
}
