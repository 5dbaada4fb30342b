/** One run on one GPU: which one, what is measured by default, and the relaxed SIMD of older Nodes. */
import { setFlagsFromString } from 'node:v8'
import { thisMachine } from '../measure/machine.ts'
import { type FoundGpu, findGpu } from './dawn.ts'
import { measureGpu } from './measure.ts'
import type { GpuReport } from './report.ts'

/** What a user may ask for. */
export interface GpuRequest {
  quick: boolean
  sizes?: readonly number[] | undefined
  dimensions?: readonly number[] | undefined
  bind?: number | undefined
  /** Manifest of the Vulkan driver to use. */
  driver?: string | undefined
  /** Dawn's native part. */
  dawn: string
  /** The compiled module of `readLimit`, as base64. */
  limit: string
  say: (text: string) => void
  signal?: AbortSignal | undefined
}

const K = 24
const SIZES = [100_000, 1_000_000, 10_000_000]
const DIMENSIONS = [64, 128]
/** Where the processor stands in for a GPU, the figures mean little and take long. */
const SOFTWARE_SIZES = [10_000, 100_000]

/** @throws `Error` where Dawn finds no GPU, or it computes wrong. */
export async function benchGpu(request: GpuRequest): Promise<GpuReport> {
  const { quick, dawn, driver, say } = request
  const found = await findGpu(dawn, driver)
  say(
    `${found.name}${found.software ? ' (software: shows that results are right, not how fast a GPU is)' : ''}`,
  )
  allowRelaxedSimd()
  const machine = thisMachine()
  const rows = await measureGpu(found, {
    ...request,
    k: K,
    sizes: request.sizes ?? defaultSizes(found, quick),
    dimensions: request.dimensions ?? (quick || found.software ? [64] : DIMENSIONS),
    samples: quick ? 3 : 15,
    sampleMs: quick ? 5 : 25,
  })
  const { name, software } = found
  return {
    measured: new Date().toISOString(),
    machine,
    adapter: { name, software },
    runtime: `Node ${process.versions.node}`,
    rows,
  }
}

function defaultSizes({ software }: FoundGpu, quick: boolean): readonly number[] {
  if (quick) return SOFTWARE_SIZES.slice(0, 1)
  return software ? SOFTWARE_SIZES : SIZES
}

/** Node 20 has relaxed SIMD behind a flag, and only its optimising compiler gets it right. */
function allowRelaxedSimd(): void {
  if (!process.versions.node.startsWith('20.')) return
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  setFlagsFromString('--no-liftoff')
}
