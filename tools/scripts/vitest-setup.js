/** Vitest's global set-up: test runs see the training numerics of the present source. */
import { buildWasm } from './build-wasm.js'

export async function setup() {
  await buildWasm()
}
