/** The compiled WASM kernels, each compiled and tried once, and shared by every table. */
import type { WasmVariant } from '../top-k.ts'
import { relaxedSimd, simd } from './binaries.generated.ts'
import { computesRight } from './self-test.ts'

/** A kernel that is ready for tables. */
export interface CompiledKernel {
  readonly variant: WasmVariant
  readonly module: WebAssembly.Module
}

const compiled = new Map<WasmVariant, Promise<CompiledKernel>>()
/** Whether a variant computes right here. */
const tried = new Map<WasmVariant, boolean>()
const binaries = new Map<WasmVariant, Uint8Array<ArrayBuffer>>()

/** True where this browser knows the variant's instructions. */
export function knowsWasmVariant(variant: WasmVariant): boolean {
  return typeof WebAssembly !== 'undefined' && WebAssembly.validate(binaryOf(variant))
}

/**
 * The first of `variants`, the fastest first where missing, that this browser knows and computes right.
 * @throws `Error` where the browser has no WASM SIMD.
 * @throws `WebAssembly.CompileError` where the page's CSP lacks `'wasm-unsafe-eval'`.
 */
export async function compileBestKernel(
  variants: readonly WasmVariant[] = ['relaxed-simd', 'simd'],
): Promise<CompiledKernel> {
  const known = variants.filter((variant) => knowsWasmVariant(variant))
  for (const variant of known) {
    const kernel = await compileKernel(variant)
    // V8 11.3 (Node 20 with its experimental flag) loses the addend of the relaxed dot product.
    if (!tried.has(variant)) tried.set(variant, computesRight(kernel.module))
    if (tried.get(variant)) return kernel
  }
  throw new Error(`No WASM kernel computes right here (known: ${known.join()}); use the scalar device.`)
}

/** @throws `WebAssembly.CompileError` where the variant is unknown or the page's CSP forbids WASM. */
export function compileKernel(variant: WasmVariant): Promise<CompiledKernel> {
  let kernel = compiled.get(variant)
  if (!kernel) {
    kernel = WebAssembly.compile(binaryOf(variant)).then((module) => ({ variant, module }))
    compiled.set(variant, kernel)
  }
  return kernel
}

function binaryOf(variant: WasmVariant): Uint8Array<ArrayBuffer> {
  let bytes = binaries.get(variant)
  if (!bytes) {
    bytes = bytesOf(variant === 'simd' ? simd : relaxedSimd)
    binaries.set(variant, bytes)
  }
  return bytes
}

function bytesOf(digits: string): Uint8Array<ArrayBuffer> {
  // Newer browsers do this by themselves, in a hundredth of the time of a loop that has just begun to run.
  const { fromHex } = Uint8Array as { fromHex?: (digits: string) => Uint8Array<ArrayBuffer> }
  if (fromHex) return fromHex.call(Uint8Array, digits)
  const bytes = new Uint8Array(digits.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = parseInt(digits.slice(2 * at, 2 * at + 2), 16)
  return bytes
}
