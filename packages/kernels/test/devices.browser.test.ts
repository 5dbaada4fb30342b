/** Every device in a real browser. */
import { expect, test } from 'vitest'
import { probeDevices } from '../src/probe.ts'
import { createScalarTopK } from '../src/scalar.ts'
import { compileKernel, knowsWasmVariant } from '../src/wasm/module.ts'
import { createWasmTopK } from '../src/wasm/wasm.ts'
import { conformance } from './conformance.ts'

// WebKit has no relaxed SIMD yet.
const variants = (['relaxed-simd', 'simd'] as const).filter(knowsWasmVariant)

test('a browser of today has WASM SIMD, and the fastest variant it knows computes right', async () => {
  expect(await probeDevices()).toEqual([
    { device: 'wasm', variant: variants[0] },
    { device: 'scalar', variant: 'scalar' },
  ])
})

conformance('scalar', createScalarTopK)
for (const variant of variants) {
  conformance(`wasm (${variant})`, async (table, shape) =>
    createWasmTopK(table, shape, await compileKernel(variant)),
  )
}
