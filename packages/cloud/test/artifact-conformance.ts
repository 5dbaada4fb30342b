/** What every artifact store must do, wherever its bytes lie. */
import { createHash, randomBytes } from 'node:crypto'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ArtifactStore } from '../src/artifacts/store.ts'

/** Fresh, empty storage: opened as often as a test likes, gone afterwards. */
export interface ArtifactFixture {
  open(): ArtifactStore
  /** How many objects of any kind lie in the storage. */
  count(): Promise<number>
  remove(): Promise<void>
}

const LIMIT = { maxBytes: 1_000_000 }
const TEXT = Buffer.from(
  JSON.stringify(Array.from({ length: 2000 }, (_, i) => ({ id: `item-${i}`, title: 'Tea' }))),
)

/** Lower-case hex SHA-256. */
export function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** A body in pieces, as a network delivers it. */
export function streamOf(content: Uint8Array, pieceBytes = 1000): ReadableStream<Uint8Array> {
  let offset = 0
  return new ReadableStream({
    pull(controller) {
      if (offset >= content.byteLength) return controller.close()
      controller.enqueue(content.subarray(offset, offset + pieceBytes))
      offset += pieceBytes
    },
  })
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  return Buffer.from(await new Response(stream).arrayBuffer())
}

/** Runs the suite; `createFixture` is called once a test. */
export function describeArtifactStore(name: string, createFixture: () => Promise<ArtifactFixture>): void {
  describe(`artifacts: ${name}`, () => {
    let fixture: ArtifactFixture
    let artifacts: ArtifactStore
    beforeEach(async () => {
      fixture = await createFixture()
      artifacts = fixture.open()
    })
    afterEach(() => fixture.remove())

    it('returns exactly what was stored, also after being opened anew', async () => {
      for (const content of [TEXT, randomBytes(50_000), Buffer.alloc(0), Buffer.from([0])]) {
        const sha256 = hashOf(content)
        expect(await artifacts.put(sha256, streamOf(content), LIMIT)).toEqual({
          bytes: content.length,
          created: true,
        })
        expect(await artifacts.find(sha256)).toMatchObject({ bytes: content.length })
        expect((await bytesOf(await fixture.open().read(sha256))).equals(content)).toBe(true)
      }
    })

    it('keeps smaller forms of what compresses, and none of what does not', async () => {
      const noise = randomBytes(50_000)
      await artifacts.put(hashOf(TEXT), streamOf(TEXT), LIMIT)
      await artifacts.put(hashOf(noise), streamOf(noise), LIMIT)
      expect(await artifacts.find(hashOf(noise))).toEqual({ bytes: 50_000, encoded: {} })
      const { encoded } = (await artifacts.find(hashOf(TEXT)))!
      const brotli = await bytesOf(await artifacts.read(hashOf(TEXT), { encoding: 'br' }))
      const gzip = await bytesOf(await artifacts.read(hashOf(TEXT), { encoding: 'gzip' }))
      expect(encoded).toEqual({ br: brotli.length, gzip: gzip.length })
      expect(brotliDecompressSync(brotli).equals(TEXT)).toBe(true)
      expect(gunzipSync(gzip).equals(TEXT)).toBe(true)
      expect(brotli.length).toBeLessThan(TEXT.length / 5)
    })

    it('reads any part', async () => {
      const content = randomBytes(10_000)
      await artifacts.put(hashOf(content), streamOf(content), LIMIT)
      for (const [first, last] of [
        [0, 0],
        [9_999, 9_999],
        [0, 9_999],
        [123, 4_567],
      ] as const) {
        const part = await bytesOf(await artifacts.read(hashOf(content), { range: { first, last } }))
        expect(part.equals(content.subarray(first, last + 1))).toBe(true)
      }
    })

    it('keeps nothing of bytes that hash to something else', async () => {
      const before = await fixture.count()
      const changed = Buffer.from(TEXT)
      changed[77]! ^= 1
      for (const content of [changed, TEXT.subarray(1), Buffer.alloc(0)]) {
        await expect(artifacts.put(hashOf(TEXT), streamOf(content), LIMIT)).rejects.toMatchObject({
          code: 'ARTIFACT_CORRUPT',
        })
      }
      expect(await artifacts.find(hashOf(TEXT))).toBeUndefined()
      expect(await fixture.count()).toBe(before)
    })

    it('stops reading a body at the limit, and keeps nothing of it', async () => {
      let pulled = 0
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulled += 1000
          controller.enqueue(new Uint8Array(1000))
        },
      })
      await expect(artifacts.put(hashOf(TEXT), endless, { maxBytes: 10_000 })).rejects.toMatchObject({
        code: 'BODY_TOO_LARGE',
      })
      expect(pulled).toBeLessThan(20_000)
      expect(await fixture.count()).toBe(0)
      await artifacts.put(hashOf(TEXT), streamOf(TEXT), { maxBytes: TEXT.length })
    })

    it('keeps nothing of an upload that breaks off or is aborted', async () => {
      const broken = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(TEXT.subarray(0, 1000))
          controller.error(new Error('connection reset'))
        },
      })
      await expect(artifacts.put(hashOf(TEXT), broken, LIMIT)).rejects.toThrow(/connection reset/u)
      const signal = AbortSignal.abort()
      await expect(artifacts.put(hashOf(TEXT), streamOf(TEXT), { ...LIMIT, signal })).rejects.toMatchObject({
        name: 'AbortError',
      })
      expect(await artifacts.find(hashOf(TEXT))).toBeUndefined()
      expect(await fixture.count()).toBe(0)
    })

    it('takes the same artifact again, and from many at once', async () => {
      const puts = await Promise.all(
        Array.from({ length: 8 }, () => artifacts.put(hashOf(TEXT), streamOf(TEXT), LIMIT)),
      )
      expect(puts.every(({ bytes }) => bytes === TEXT.length)).toBe(true)
      const again = await artifacts.put(hashOf(TEXT), streamOf(TEXT), LIMIT)
      expect(again).toEqual({ bytes: TEXT.length, created: false })
      expect((await bytesOf(await artifacts.read(hashOf(TEXT)))).equals(TEXT)).toBe(true)
    }, 20_000)

    it('knows nothing of an artifact that was never stored', async () => {
      const sha256 = hashOf(TEXT)
      expect(await artifacts.find(sha256)).toBeUndefined()
      await expect(artifacts.read(sha256)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' })
      await expect(artifacts.read(sha256, { encoding: 'br' })).rejects.toMatchObject({
        code: 'ARTIFACT_NOT_FOUND',
      })
    })

    it('says that it can serve', async () => {
      await expect(artifacts.check()).resolves.toBeUndefined()
    })
  })
}
