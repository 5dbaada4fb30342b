/** Vitest's global set-up: test runs see the WASM kernels of the present source. */
import { buildWasm } from './build-wasm.js'

export async function setup() {
  await buildWasm()
}
