/** A GPU that is lost, that is not there, or that computes wrong. */
import { expect, test } from 'vitest'
import { createTopK } from '../src/create.ts'
import { probeDevices } from '../src/probe.ts'
import type { KernelDevice, TopK } from '../src/top-k.ts'
import { type Gpu, openGpu } from '../src/webgpu/gpu.ts'
import { createWebGpuTopK } from '../src/webgpu/webgpu.ts'
import { gpuForTests } from './gpu.ts'
import { reference, rowsOf } from './reference.ts'
import { normalTable, normals } from './tables.ts'

const gpu = await gpuForTests()
const table = { ...normalTable(1000, 32, 1), bias: normals(1000, 2) }
const query = { vector: normals(32, 3), k: 12 }
const expected = reference(table, query)

interface Scene {
  topK: TopK
  opened: Gpu[]
  passedOver: [KernelDevice, string][]
}

/** A table on GPUs of its own, which a test can destroy. */
async function scene(open: () => Promise<Gpu>, devices: KernelDevice[] = ['webgpu', 'wasm']): Promise<Scene> {
  const opened: Gpu[] = []
  const passedOver: [KernelDevice, string][] = []
  const topK = await createTopK(table, {
    devices,
    onFallback: (device, reason) => passedOver.push([device, String(reason)]),
    loadWebGpu: async () => ({
      createWebGpuTopK: (table, shape, options) =>
        createWebGpuTopK(table, shape, {
          ...options,
          open: async () => {
            const gpu = await open()
            opened.push(gpu)
            return gpu
          },
        }),
    }),
  })
  return { topK, opened, passedOver }
}

test.skipIf(!gpu)(
  'after a loss the table moves to a new device, after a second one to WASM',
  async () => {
    const { topK, opened, passedOver } = await scene(() => openGpu())
    expect(topK.device).toBe('webgpu')
    opened[0]!.device.destroy()
    const overlapping = await Promise.all([topK.search(query), topK.search(query)])
    for (const result of overlapping) expect(rowsOf(result)).toEqual(expected)
    expect(topK.device).toBe('webgpu')
    expect(opened).toHaveLength(2)
    expect(passedOver).toEqual([])

    const during = topK.search(query)
    opened[1]!.device.destroy()
    expect(rowsOf(await during)).toEqual(expected)
    expect(rowsOf(await topK.search(query))).toEqual(expected)
    expect(topK.device).toBe('wasm')
    expect(opened).toHaveLength(2)
    expect(passedOver).toEqual([['webgpu', expect.stringMatching(/lost|destroyed|GPU/i)]])
    topK.dispose()
    expect(topK.bytes).toBe(0)
    await expect(topK.search(query)).rejects.toThrow(/disposed/)
  },
  60_000,
)

test.skipIf(!gpu)(
  'a GPU lost for good with no device left makes searches reject with what became of it',
  async () => {
    let opens = 0
    const { topK, opened } = await scene(async () => {
      if (opens++ > 0) throw new Error('the driver is gone')
      return openGpu()
    }, ['webgpu'])
    opened[0]!.device.destroy()
    await expect(topK.search(query)).rejects.toThrow(/^the driver is gone$/)
    topK.dispose()
  },
  60_000,
)

test.skipIf(!gpu)(
  'a GPU that computes wrong is refused with that reason',
  async () => {
    const { topK, passedOver } = await scene(async () => {
      const right = await openGpu()
      return { ...right, device: miscomputing(right.device) }
    })
    expect(topK.device).toBe('wasm')
    expect(passedOver).toEqual([['webgpu', expect.stringMatching(/computes wrong/)]])
    expect(rowsOf(await topK.search(query))).toEqual(expected)
    topK.dispose()
  },
  60_000,
)

test('without WebGPU the next device serves, and the reason is told', async () => {
  const noAdapter = { requestAdapter: async () => null } as unknown as GPU
  const { topK, passedOver } = await scene(() => openGpu({ gpu: noAdapter }))
  expect(topK.device).toBe('wasm')
  expect(passedOver).toEqual([['webgpu', expect.stringMatching(/no adapter/)]])
})

test('WebGPU code that does not load is passed over', async () => {
  const passedOver: [KernelDevice, string][] = []
  const topK = await createTopK(table, {
    devices: ['webgpu', 'scalar'],
    loadWebGpu: () => import(/* @vite-ignore */ `${location.origin}/nowhere/webgpu.js`) as Promise<never>,
    onFallback: (device, reason) => passedOver.push([device, String(reason)]),
  })
  expect(topK.device).toBe('scalar')
  expect(passedOver).toEqual([['webgpu', expect.stringMatching(/TypeError/)]])
})

test.skipIf(!gpu)(
  'createTopK loads WebGPU by itself and shares one device, and a probe says what it runs',
  async () => {
    const first = await createTopK(table, { devices: ['webgpu'] })
    const second = await createTopK(table, { devices: ['webgpu'] })
    expect(await probeDevices(['webgpu'])).toEqual([{ device: 'webgpu', variant: first.variant }])
    expect(first.variant).toBe(gpu!.subgroups ? 'packed-subgroups' : 'packed')
    first.dispose()
    expect(rowsOf(await second.search(query))).toEqual(expected)
    second.dispose()
  },
  60_000,
)

/** A device whose shaders take the worst rows for the best: what a driver's bug can look like. */
function miscomputing(device: GPUDevice): GPUDevice {
  return new Proxy(device, {
    get(target, name) {
      if (name === 'createShaderModule') {
        return ({ code }: GPUShaderModuleDescriptor) =>
          target.createShaderModule({ code: code.replace('clamp(height', 'clamp(-height') })
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
