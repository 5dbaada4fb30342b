/** Against a real endpoint, behind a door that closes amid the answer. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKey, silentLogger } from '@vitrine/cloud'
import { type RunningServer, openFolder, serve } from '@vitrine/cloud/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { endpointCaller } from '../publish/endpoint.ts'
import { downloadEvents } from './download-events.ts'

const EVENTS = 4000
const EPOCH = 'e'.repeat(32)

let folder = ''
let server: RunningServer
let key = ''
let file = ''
let files = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-download-'))
  const { store } = openFolder(folder)
  key = (await createKey(store, { kind: 'secret', tenant: 'a' })).key
  for (let first = 1; first <= EVENTS; first += 500) {
    const events = Array.from({ length: 500 }, (_, i) => ({
      seq: first + i,
      type: 'view' as const,
      item: `täa-${first + i}`,
      at: first + i,
    }))
    const device = String(Math.ceil(first / 2000)).repeat(32)
    await store.appendEvents('a', { device, epoch: EPOCH, firstSeq: first, events, receivedAt: first })
  }
  await store.close()
  server = await serve({ folder, port: 0, logger: silentLogger })
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  file = join(folder, `download-${++files}`)
})

/** Calls the endpoint; each answer breaks off after so many bytes, as long as the list lasts. */
function callThrough(limits: number[], onRequest?: (url: string) => void) {
  const cut: typeof fetch = async (input, init) => {
    onRequest?.(new Request(input).url)
    const answer = await fetch(input, init)
    const limit = limits.shift()
    if (limit === undefined) return answer
    const whole = new Uint8Array(await answer.arrayBuffer())
    let sent = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (sent) return controller.error(new TypeError('terminated'))
        sent = true
        controller.enqueue(whole.subarray(0, limit))
      },
    })
    return new Response(body, { status: answer.status, headers: answer.headers })
  }
  return endpointCaller({ endpoint: server.url, key, fetch: cut, sleep: async () => undefined })
}

async function seqs(): Promise<number[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  return lines.map((line) => (JSON.parse(line) as { seq: number }).seq)
}

const ALL = Array.from({ length: EVENTS }, (_, i) => i + 1)

describe('the download of events', () => {
  it('has every event once', async () => {
    const counts: number[] = []
    const download = downloadEvents(
      file,
      {},
      { call: callThrough([]), onProgress: (events) => counts.push(events) },
    )
    expect(await download).toBe(EVENTS)
    expect(await seqs()).toEqual(ALL)
    expect(counts.at(-1)).toBe(EVENTS)
  })

  it('goes on after the last whole line when the connection breaks, wherever that is', async () => {
    const breaks = [1, 300, 77_777, 5, 100_001, 40]
    expect(await downloadEvents(file, {}, { call: callThrough(breaks) })).toBe(EVENTS)
    expect(await seqs()).toEqual(ALL)
  })

  it('goes on with a file that an earlier command left', async () => {
    await expect(
      downloadEvents(file, {}, { call: callThrough([60_000, 0, 0, 0, 0, 0]) }),
    ).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
    })
    const requests: string[] = []
    expect(await downloadEvents(file, {}, { call: callThrough([], (url) => requests.push(url)) })).toBe(
      EVENTS,
    )
    expect(await seqs()).toEqual(ALL)
    expect(requests).toHaveLength(1)
    expect(requests[0]).toContain('after=1')
  })

  it('keeps to a range of time', async () => {
    expect(await downloadEvents(file, { from: 501, to: 1501 }, { call: callThrough([]) })).toBe(1000)
    expect(await seqs()).toEqual(ALL.slice(500, 1500))
  })

  it('refuses to go on with a file that is something else', async () => {
    await writeFile(file, 'my notes\n')
    await expect(downloadEvents(file, {}, { call: callThrough([]) })).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
    })
    expect(await readFile(file, 'utf8')).toBe('my notes\n')
  })
})
