/** The placement as the worker composes it: where verdicts are kept, and what diagnostics say. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PageEndpoint } from '../../test/endpoint.ts'
import { freshName } from '../../test/platform.ts'
import { buildRevision } from '../../test/revision.ts'
import type { WorkerDiagnostics } from '../diagnostics.ts'
import { createWorkerApi } from './main.ts'
import type { WorkerApi, WorkerOptions } from './protocol.ts'

const opened: WorkerApi[] = []
let endpoint: PageEndpoint
let options: WorkerOptions

function file(name: string): string {
  return new URL(`../${name}.ts`, import.meta.url).href
}

beforeEach(async () => {
  endpoint = new PageEndpoint()
  endpoint.revision = await buildRevision(1)
  options = {
    endpoint: `https://${freshName()}.example`,
    model: 'tiny',
    key: 'pk_test',
    consent: 'granted',
    networkUrl: file('network'),
    webgpuUrl: file('webgpu'),
    placementUrl: file('placement'),
    shardUrl: file('shard'),
    storage: 'indexeddb',
  }
})

afterEach(() => Promise.all(opened.splice(0).map((api) => api.dispose())))

async function open(more: Partial<WorkerOptions> = {}): Promise<WorkerApi> {
  const api = createWorkerApi({ fetch: endpoint.fetch })
  opened.push(api)
  await api.open({ ...options, ...more }, () => undefined)
  await api.ready()
  return api
}

async function settled(api: WorkerApi): Promise<NonNullable<WorkerDiagnostics['placement']>> {
  const placement = async (): Promise<WorkerDiagnostics['placement']> => (await api.diagnostics()).placement
  await expect.poll(async () => (await placement())?.state, { timeout: 15_000 }).toBe('settled')
  return (await placement())!
}

test('with consent the verdict is found again by the next visit; a newer revision is measured for itself', async () => {
  const api = await open()
  expect(await settled(api)).toMatchObject({
    device: 'wasm',
    decided: 'probe',
    estimates: [
      { device: 'wasm', verdict: 'chosen', rows: 24 },
      { device: 'scalar' },
      { device: 'sharded', verdict: 'not-tried', ms: null },
      { device: 'webgpu', verdict: 'not-tried', ms: null },
    ],
  })
  await api.dispose()
  const again = await open()
  expect(await settled(again)).toMatchObject({ decided: 'earlier-visit', counts: { probes: 0 } })

  endpoint.revision = await buildRevision(2)
  await again.update()
  await expect
    .poll(async () => (await again.diagnostics()).placement?.decided, { timeout: 15_000 })
    .toBe('probe')
  expect((await again.diagnostics()).model).toMatchObject({ revision: 'r-2', device: 'wasm' })
}, 30_000)

test('without consent nothing is stored: the next visit measures anew', async () => {
  const api = await open({ consent: 'denied' })
  expect(await settled(api)).toMatchObject({ decided: 'probe' })
  expect((await indexedDB.databases()).filter(({ name }) => name?.includes(options.endpoint))).toEqual([])
  await api.dispose()
  expect(await settled(await open({ consent: 'denied' }))).toMatchObject({ decided: 'probe' })
}, 30_000)

test('where the page names devices, nothing is measured', async () => {
  const api = await open({ devices: ['wasm'] })
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect((await api.diagnostics()).placement).toBeNull()
}, 30_000)

test('a placement file that does not load is told, and lists are made all the same', async () => {
  const api = await open({ placementUrl: `${location.origin}/nowhere/placement.js` })
  // It is asked for a second after the model serves, where no list is made before.
  await expect
    .poll(async () => (await api.diagnostics()).errors.counts, { timeout: 15_000 })
    .toHaveProperty('NETWORK_FAILED')
  expect((await api.recommend({ placement: 'home', k: 5 })).items).toHaveLength(5)
  expect((await api.diagnostics()).placement).toBeNull()
}, 30_000)
