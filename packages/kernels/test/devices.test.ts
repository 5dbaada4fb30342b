/// <reference types="node" />
/** Every device in Node. */
import { setFlagsFromString } from 'node:v8'
import { createScalarTopK } from '../src/scalar.ts'
import { compileKernel, knowsWasmVariant } from '../src/wasm/module.ts'
import { createWasmTopK } from '../src/wasm/wasm.ts'
import { conformance } from './conformance.ts'

// Node 20 has relaxed SIMD behind a flag, and its baseline compiler loses the addend of the relaxed dot product.
if (!knowsWasmVariant('relaxed-simd')) {
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  setFlagsFromString('--no-liftoff')
}

conformance('scalar', createScalarTopK)
for (const variant of ['simd', 'relaxed-simd'] as const) {
  conformance(`wasm (${variant})`, async (table, shape) =>
    createWasmTopK(table, shape, await compileKernel(variant)),
  )
}
