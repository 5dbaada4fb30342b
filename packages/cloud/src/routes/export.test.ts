import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventsOf, numbers, randomIdOf } from '../../test/batches.ts'
import { type Endpoint, startEndpoint } from '../../test/endpoint.ts'
import type { StoredEvent } from '../stores/store.ts'

const EPOCH = randomIdOf(1)

const eventsIn = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StoredEvent)
const seqsOf = (events: readonly StoredEvent[], device: number) =>
  events.filter((event) => event.device === randomIdOf(device)).map(({ seq }) => seq)

describe('GET /v1/events/export', () => {
  let endpoint: Endpoint
  beforeEach(async () => {
    endpoint = await startEndpoint()
    for (const device of [1, 2, 3]) {
      for (let first = 1; first <= 1500; first += 500) {
        await endpoint.store.appendEvents('a', {
          device: randomIdOf(device),
          epoch: EPOCH,
          firstSeq: first,
          events: eventsOf(first, first + 499),
          receivedAt: first,
        })
      }
    }
  })
  afterEach(() => endpoint.stop())

  const ask = (query = '', key = endpoint.keys.aSecret) => endpoint.ask(`/v1/events/export${query}`, { key })

  it('hands out every event once, in the order of the key', async () => {
    const response = await ask()
    expect(response.headers.get('content-type')).toBe('application/x-ndjson')
    const events = eventsIn(await response.text())
    for (const device of [1, 2, 3]) expect(seqsOf(events, device)).toEqual(numbers(1, 1500))
    expect(events).toEqual(await endpoint.store.readEvents('a', { limit: 10_000 }))
    expect(await endpoint.metrics.registry.metrics()).toContain('vitrine_events_exported_total 4500')
  })

  it('goes on after any event, and within any range of time', async () => {
    const after = `${randomIdOf(2)}.${EPOCH}.1400`
    const rest = eventsIn(await (await ask(`?after=${after}`)).text())
    expect(rest).toHaveLength(1600)
    expect(rest[0]).toMatchObject({ device: randomIdOf(2), seq: 1401 })
    const ranged = eventsIn(await (await ask('?from=501&to=1001')).text())
    for (const device of [1, 2, 3]) expect(seqsOf(ranged, device)).toEqual(numbers(501, 1000))
    expect(await (await ask('?from=9999')).text()).toBe('')
    for (const query of ['?after=x', '?from=-1', '?to=now']) {
      expect((await ask(query)).status).toBe(400)
    }
  })

  it('leaves out a device that is erased while it goes on', async () => {
    const reader = (await ask()).body!.getReader()
    const first = await reader.read()
    await endpoint.store.eraseDevice('a', randomIdOf(3), 1)
    let text = Buffer.from(first.value!).toString()
    for (;;) {
      const { value, done } = await reader.read()
      if (done) break
      text += Buffer.from(value).toString()
    }
    expect(seqsOf(eventsIn(text), 2)).toEqual(numbers(1, 1500))
    expect(seqsOf(eventsIn(text), 3)).toEqual([])
  })

  it('reads no further than it is read', async () => {
    const reader = (await ask()).body!.getReader()
    await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await endpoint.metrics.registry.metrics()).toContain('vitrine_events_exported_total 1000')
    await reader.cancel()
  })

  it('is for the tenant’s own secret key', async () => {
    expect(await (await ask('', endpoint.keys.bSecret)).text()).toBe('')
    expect((await ask('', endpoint.keys.a)).status).toBe(403)
  })
})
