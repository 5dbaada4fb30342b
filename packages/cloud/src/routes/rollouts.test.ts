import { parseEventAck } from '@vitrine/contracts'
import { report as reportFigures } from '@vitrine/trials'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { batchOf, numbers, randomIdOf } from '../../test/batches.ts'
import { type TestDevice, createTestDevice } from '../../test/device.ts'
import { type Endpoint, manifestOf, publish, startEndpoint } from '../../test/endpoint.ts'
import { createKey } from '../auth/keys.ts'
import { placeOf } from '../rollout/cohort.ts'

const ANSWERS = { promise: 9, unit: 'answers to devices of a rollout' }
const DEVICES = numbers(1, 100).map(randomIdOf)
const contentOf = (n: number) => Buffer.from(`{"content":${n}}`)
const nameOf = (n: number) => manifestOf(contentOf(n)).revision

describe('rollouts over the wire', () => {
  let endpoint: Endpoint
  beforeEach(async () => {
    endpoint = await startEndpoint({ haltRule: { devices: 3, share: 0.1 } })
    await publish(endpoint, endpoint.keys.aSecret, contentOf(1))
    await publish(endpoint, endpoint.keys.aSecret, contentOf(2))
  })
  afterEach(() => endpoint.stop())

  const rollOut = (revision: string, share: number) =>
    endpoint.outcome('/v1/models/shop/rollout', {
      method: 'POST',
      key: endpoint.keys.aSecret,
      json: { revision, share },
    })
  const served = async (device?: string) => {
    const query = device === undefined ? '' : `?device=${device}`
    const response = await endpoint.ask(`/v1/models/shop/manifest${query}`, { key: endpoint.keys.a })
    return ((await response.json()) as { revision: string }).revision
  }
  const told = async (device: string) => {
    const ask = { method: 'POST', key: endpoint.keys.a, json: batchOf(1, 1, { device }) }
    return parseEventAck(await (await endpoint.ask('/v1/events', ask)).json()).models['shop']
  }
  const report = (device: string, revision: string, ask: object = {}) =>
    endpoint.outcome('/v1/models/shop/reports', {
      method: 'POST',
      key: endpoint.keys.a,
      json: { device, revision, code: 'SELF_TEST_FAILED' },
      ...ask,
    })
  const status = async () =>
    (await (
      await endpoint.ask('/v1/models/shop/revisions', { key: endpoint.keys.aSecret })
    ).json()) as Record<string, unknown>

  it('hands a candidate to its share of the devices, by manifest and acknowledgement alike', async ({
    task,
  }) => {
    expect(await rollOut(nameOf(2), 0.2)).toBe('200')
    let [candidates, contradictions] = [0, 0]
    for (const device of DEVICES) {
      const revision = await served(device)
      contradictions += Number((await told(device)) !== revision)
      candidates += Number(revision === nameOf(2))
    }
    reportFigures(task, { ...ANSWERS, trials: 2 * DEVICES.length, accepted: contradictions })
    expect(contradictions).toBe(0)
    expect(candidates).toBeGreaterThan(5)
    expect(candidates).toBeLessThan(40)
    expect(await served()).toBe(nameOf(1))
    expect(await status()).toMatchObject({
      stable: nameOf(1),
      candidate: nameOf(2),
      share: 0.2,
      active: nameOf(1),
      revisions: [
        { revision: nameOf(2), offered: candidates, failed: 0 },
        { revision: nameOf(1), offered: DEVICES.length - candidates, failed: 0 },
      ],
    })
  }, 30_000)

  it('publishes to a share at once', async () => {
    const manifest = manifestOf(contentOf(1), { revision: 'r-next' })
    const ask = { method: 'PUT', key: endpoint.keys.aSecret, json: manifest }
    const answer = await endpoint.ask('/v1/models/shop/manifest?share=0.05', ask)
    expect(await answer.json()).toMatchObject({
      stable: nameOf(2),
      candidate: 'r-next',
      share: 0.05,
      active: nameOf(2),
    })
    for (const share of ['', '2', '-1', 'all', 'NaN']) {
      expect(await endpoint.outcome(`/v1/models/shop/manifest?share=${share}`, ask)).toBe(
        '400 INVALID_REQUEST',
      )
    }
  })

  it('halts when enough devices cannot use the candidate: the others get the stable one again', async ({
    task,
  }) => {
    const devices = DEVICES.slice(0, 20)
    for (const device of devices) expect(await served(device)).toBe(nameOf(2))
    for (const device of devices.slice(0, 2)) expect(await report(device, nameOf(2))).toBe('200')
    expect(await report(devices[0]!, nameOf(2))).toBe('200')
    expect(await served(devices[5])).toBe(nameOf(2))
    expect(await report(devices[2]!, nameOf(2))).toBe('200')
    const after = await Promise.all(devices.map((device) => served(device)))
    const accepted = after.filter((revision) => revision !== nameOf(1)).length
    reportFigures(task, { ...ANSWERS, trials: devices.length, accepted })
    expect(accepted, 'devices that are still handed the revision that fails').toBe(0)
    expect(await told(devices[5]!)).toBe(nameOf(1))
    expect(await status()).toMatchObject({ active: nameOf(1), haltedAt: expect.any(Number) as number })
    const metrics = await endpoint.metrics.registry.metrics()
    expect(metrics).toContain('vitrine_revision_failures_total{code="SELF_TEST_FAILED"} 3')
    expect(metrics).toContain('vitrine_rollouts_halted_total 1')

    expect(await rollOut(nameOf(2), 1)).toBe('200')
    expect(await served(devices[5])).toBe(nameOf(2))
  })

  // Seen to fail with a report as good as an offer.
  it('counts no report of a device that was never handed the revision', async () => {
    for (const device of DEVICES.slice(0, 9)) expect(await report(device, nameOf(2))).toBe('409 NOT_OFFERED')
    // Outside the cohort: what it was handed is another revision.
    await rollOut(nameOf(2), 0)
    await served(DEVICES[0])
    expect(await report(DEVICES[0]!, nameOf(2))).toBe('409 NOT_OFFERED')
    expect(await status()).not.toHaveProperty('haltedAt')
    const metrics = await endpoint.metrics.registry.metrics()
    expect(metrics).toContain('vitrine_refusals_total{code="NOT_OFFERED"} 10')
    expect(metrics).not.toContain('vitrine_revision_failures_total{')
  })

  it('counts reports with a token of devices in the cohort alone, where the key asks for tokens', async () => {
    const { key } = await createKey(endpoint.store, {
      kind: 'publishable',
      tenant: 'a',
      origins: ['*'],
      needsToken: true,
    })
    const path = '/v1/models/shop/reports'
    const send = async (device: TestDevice, token: string) =>
      report(device.id, nameOf(2), { key: undefined, headers: await device.signed(token, { path }) })
    expect(await rollOut(nameOf(2), 0.5)).toBe('200')
    const outcomes: boolean[] = []
    for (const seed of numbers(1, 12)) {
      const device = await createTestDevice(seed)
      // A name that nobody proved to have counts for nothing.
      await endpoint.ask(`/v1/models/shop/manifest?device=${device.id}`, { key })
      expect(await report(device.id, nameOf(2), { key })).toBe('401 TOKEN_REQUIRED')
      const isInCohort = (await placeOf(device.id, nameOf(2))) < 0.5
      const token = await device.token(endpoint, key)
      const { haltedAt } = await status()
      if (haltedAt !== undefined) break
      expect(await send(device, token)).toBe(isInCohort ? '200' : '409 NOT_OFFERED')
      outcomes.push(isInCohort)
    }
    expect(outcomes.filter(Boolean)).toHaveLength(3)
    expect(outcomes).toContain(false)
  })

  it('counts no report of another tenant, and none that does not parse', async () => {
    for (const device of DEVICES.slice(0, 5)) {
      expect(await report(device, nameOf(2), { key: endpoint.keys.b })).toBe('404 MODEL_NOT_FOUND')
    }
    expect(await report('x', nameOf(2))).toBe('400 INVALID_REQUEST')
    expect(await report(DEVICES[0]!, 'r9')).toBe('404 MODEL_NOT_FOUND')
    expect(await report(DEVICES[0]!, nameOf(2), { key: endpoint.keys.aSecret })).toBe('403 FORBIDDEN')
    expect(await status()).toMatchObject({ active: nameOf(2) })
  })

  it('leaves rollouts to the secret key of the tenant', async () => {
    const ask = { method: 'POST', json: { revision: nameOf(1), share: 0 } }
    const path = '/v1/models/shop/rollout'
    expect(await endpoint.outcome(path, { ...ask, key: endpoint.keys.a })).toBe('403 FORBIDDEN')
    expect(await endpoint.outcome(path, { ...ask, key: endpoint.keys.bSecret })).toBe('404 MODEL_NOT_FOUND')
    expect(await endpoint.outcome(path, ask)).toBe('401 UNAUTHORIZED')
    expect(await endpoint.outcome('/v1/models/shop/revisions', { key: endpoint.keys.bSecret })).toBe(
      '404 MODEL_NOT_FOUND',
    )
    expect(await rollOut(nameOf(1), 0.5)).toBe('200')
    expect(await rollOut(nameOf(2), 0.5)).toBe('409 CONFLICT')
  })
})
