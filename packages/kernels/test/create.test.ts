/// <reference types="node" />
/** How a device is chosen, in Node. */
import { setFlagsFromString } from 'node:v8'
import { expect, test } from 'vitest'
import { createTopK } from '../src/create.ts'
import type { ScalarModule } from '../src/load-scalar.ts'
import { probeDevices } from '../src/probe.ts'
import type { KernelDevice, Table } from '../src/top-k.ts'
import { knowsWasmVariant } from '../src/wasm/module.ts'
import { normalTable } from './tables.ts'

const table = normalTable(30, 16, 1)

test('WASM is chosen where it works', async () => {
  const topK = await createTopK(table)
  expect(topK.device).toBe('wasm')
  expect((await probeDevices())[0]).toEqual({ device: 'wasm', variant: topK.variant })
})

test('the order of preference is kept', async () => {
  expect((await createTopK(table, { devices: ['scalar', 'wasm'] })).device).toBe('scalar')
})

test('WASM runs the variant that it is told to, or none', async () => {
  expect((await createTopK(table, { variants: ['simd'] })).variant).toBe('simd')
  expect((await createTopK(table, { variants: [] })).device).toBe('scalar')
})

test('no device left is an error that says which were tried', async () => {
  await expect(createTopK(table, { devices: [] })).rejects.toThrow(/None of these devices/)
})

test('a table that exceeds the memory of WASM falls back, and the reason is told', async () => {
  // 4 GiB of rows, of which none is ever read: the arrays only claim their length.
  const huge: Table = {
    ...table,
    count: 2 ** 16,
    dimension: 2 ** 16,
    values: { length: 2 ** 32, slice: () => new Int8Array(0) } as unknown as Int8Array,
    scales: new Float32Array(2 ** 16),
  }
  const passedOver: [KernelDevice, unknown][] = []
  const topK = await createTopK(huge, { onFallback: (device, reason) => passedOver.push([device, reason]) })
  expect(topK.device).toBe('scalar')
  expect(passedOver).toHaveLength(1)
  expect(passedOver[0]![0]).toBe('wasm')
  expect(passedOver[0]![1]).toBeInstanceOf(RangeError)
})

test.each<[string, Partial<Table>]>([
  ['a dimension not divisible by 16', { dimension: 15 }],
  ['a count that is no integer', { count: 2.5 }],
  ['too few values', { values: new Int8Array(5) }],
  ['too few scales', { scales: new Float32Array(29) }],
  ['too many biases', { bias: new Float32Array(31) }],
  ['a negative scale', { scales: new Float32Array(30).fill(-1) }],
  ['a scale that is NaN', { scales: new Float32Array(30).fill(NaN) }],
  ['an infinite bias', { bias: new Float32Array(30).fill(-Infinity) }],
])('a table with %s is refused', async (_, fault) => {
  await expect(createTopK({ ...table, ...fault })).rejects.toThrow(RangeError)
})

test.skipIf(knowsWasmVariant('relaxed-simd'))(
  'an engine that computes the relaxed dot product wrong gets the kernel without it',
  async () => {
    // The baseline compiler of V8 11.3, in Node 20, does.
    setFlagsFromString('--experimental-wasm-relaxed-simd')
    setFlagsFromString('--liftoff-only')
    expect(knowsWasmVariant('relaxed-simd')).toBe(true)
    const topK = await createTopK(table)
    expect(topK.variant).toBe('simd')
  },
)

test('the code of the scalar device is asked for only where nothing before it serves', async () => {
  let asked = 0
  const loadScalar = async (): Promise<ScalarModule> => {
    asked++
    return import('../src/scalar.ts')
  }
  expect((await createTopK(table, { loadScalar })).device).toBe('wasm')
  expect(asked).toBe(0)
  expect((await createTopK(table, { variants: [], loadScalar })).device).toBe('scalar')
  expect(asked).toBe(1)
})
