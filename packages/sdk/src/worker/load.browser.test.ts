/** Which device a model is loaded onto, and what is said of those before it. */
import type { ArtifactRole } from '@vitrine/contracts'
import type { KernelDevice } from '@vitrine/kernels'
import { openGpu } from '@vitrine/kernels/webgpu'
import { type Model, selfTest, unpackStarter } from '@vitrine/recommender'
import { expect, test } from 'vitest'
import { type BuiltRevision, buildRevision } from '../../test/revision.ts'
import { createModelLoader } from './load.ts'

const webgpuUrl = new URL('../webgpu.ts', import.meta.url).href
const signal = new AbortController().signal

const adapter = await openGpu().then(
  ({ device }) => device.destroy(),
  (error: unknown) => {
    console.warn(`SKIPPED: models on WebGPU, in ${navigator.userAgent}: ${String(error)}`)
    return null
  },
)

async function load(
  devices: KernelDevice[],
  url: string,
  revision?: BuiltRevision,
  test: (model: Model) => Promise<void> = selfTest,
  files: { scalarUrl?: string } = {},
): Promise<{ model: Model; why: string[] }> {
  const { manifest, blobs } = revision ?? (await buildRevision(1))
  const artifacts = new Map<ArtifactRole, Uint8Array<ArrayBuffer>>(
    manifest.artifacts.map(({ role, sha256 }) => [role, blobs.get(sha256)!]),
  )
  const loader = createModelLoader(
    { devices, webgpuUrl: url, ...files },
    {
      selfTest: test,
      unpackStarter: (manifest, bytes) => Promise.resolve(unpackStarter(manifest, bytes)),
      startEngine: () => Promise.reject(new Error('no manifest names one')),
      onError: () => expect.unreachable(),
    },
  )
  const model = await loader.load(manifest, artifacts, { signal })
  return { model, why: loader.whyNot(model) }
}

test.skipIf(adapter === null)(
  'WebGPU is used when it is asked for first',
  async () => {
    const { model, why } = await load(['webgpu', 'wasm'], webgpuUrl)
    expect({ device: model.device, why }).toEqual({ device: 'webgpu', why: [] })
    await selfTest(model)
    model.dispose()
  },
  60_000,
)

test('WebGPU is not touched when it comes later', async () => {
  const { model, why } = await load(['wasm', 'webgpu'], 'https://nowhere.invalid/webgpu.js')
  expect({ device: model.device, why }).toEqual({ device: 'wasm', why: [] })
  model.dispose()
})

test('a WebGPU file that does not load is passed over, and it is said why', async () => {
  const { model, why } = await load(['webgpu', 'wasm', 'scalar'], `${location.origin}/nowhere/webgpu.js`)
  expect(model.device).toBe('wasm')
  expect(why).toEqual([expect.stringMatching(/^webgpu: .*(fetch|import|load)/)])
  await selfTest(model)
  model.dispose()
})

test('the scalar file is loaded where it is what serves, and a model is not blamed where it does not load', async () => {
  const scalarUrl = new URL('../scalar.ts', import.meta.url).href
  const { model } = await load(['scalar'], '', undefined, undefined, { scalarUrl })
  expect(model.device).toBe('scalar')
  await selfTest(model)
  model.dispose()
  const nowhere = { scalarUrl: `${location.origin}/nowhere/scalar.js` }
  await expect(load(['scalar'], '', undefined, undefined, nowhere)).rejects.toMatchObject({
    code: 'NETWORK_FAILED',
  })
  const other = await load(['wasm', 'scalar'], '', undefined, undefined, nowhere)
  expect(other.model.device).toBe('wasm')
  other.model.dispose()
})

test('a WebGPU file of another release is passed over', async () => {
  const source = new Blob(['export const VERSION = "9.9.9"; export const createWebGpuTopK = () => {}'], {
    type: 'text/javascript',
  })
  const { model, why } = await load(['webgpu', 'scalar'], URL.createObjectURL(source))
  expect(model.device).toBe('scalar')
  expect(why).toEqual([expect.stringMatching(/^webgpu: .* is version 9\.9\.9, the worker is /)])
  model.dispose()
})

test.skipIf(adapter === null)(
  'a model that cannot be tested, since the network file does not load, is not put on WebGPU',
  async () => {
    const { model, why } = await load(['webgpu', 'wasm'], webgpuUrl, undefined, () =>
      Promise.reject(new Error('network.js did not load')),
    )
    expect({ device: model.device, why }).toEqual({
      device: 'wasm',
      why: ['webgpu: network.js did not load'],
    })
    model.dispose()
  },
  60_000,
)

test.skipIf(adapter === null)(
  'a model that misses its golden vectors is tried without WebGPU',
  async () => {
    const wrong = await buildRevision(1)
    const golden = wrong.manifest.artifacts.find(({ role }) => role === 'golden')!
    const { cases, ...rest } = JSON.parse(new TextDecoder().decode(wrong.blobs.get(golden.sha256))) as {
      cases: { scanned: { scores: number[] } }[]
    }
    // One digit of the first score becomes another: as many bytes as before.
    const [first, ...others] = cases
    const text = JSON.stringify({ ...rest, cases: [first, ...others] })
    const score = String(first!.scanned.scores[0])
    const other = score.replace(/[1-9]/u, (digit) => (digit === '9' ? '8' : String(Number(digit) + 1)))
    wrong.blobs.set(golden.sha256, new TextEncoder().encode(text.replace(score, other)))
    const { model, why } = await load(['webgpu', 'wasm'], webgpuUrl, wrong)
    expect(model.device).toBe('wasm')
    expect(why).toEqual([expect.stringMatching(/^webgpu: .*golden case 0/)])
    await expect(selfTest(model)).rejects.toMatchObject({ code: 'SELF_TEST_FAILED' })
    model.dispose()
  },
  60_000,
)
