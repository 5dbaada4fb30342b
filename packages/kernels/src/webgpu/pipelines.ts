/** The compiled pipelines of a device. */
import type { Gpu } from './gpu.ts'
import { BATCH_QUERIES, scoreShader, selectShader } from './shaders.ts'

/** The stages of WebGPU's `GPUShaderStage`. */
const COMPUTE = 4

/** Everything that a search dispatches. */
export interface Pipelines {
  /** Bindings that change with the part of the table. */
  readonly partLayout: GPUBindGroupLayout
  /** Bindings that all parts share; the batch comes with a dynamic offset. */
  readonly searchLayout: GPUBindGroupLayout
  /** The pass over the table for one query or a batch of them, of int8 queries (0) or float queries (1). */
  readonly one: readonly [GPUComputePipeline, GPUComputePipeline]
  readonly many: readonly [GPUComputePipeline, GPUComputePipeline]
  readonly pickCoarse: GPUComputePipeline
  readonly refine: GPUComputePipeline
  readonly pickFine: GPUComputePipeline
  readonly collect: GPUComputePipeline
}

/** Compiles all pipelines at once, off this thread. @throws `Error` that names what the device cannot compile. */
export async function compilePipelines(gpu: Gpu): Promise<Pipelines> {
  const { device } = gpu
  const partLayout = device.createBindGroupLayout({
    entries: [
      buffer(0, 'read-only-storage'),
      buffer(1, 'read-only-storage'),
      buffer(2, 'storage'),
      buffer(3, 'uniform'),
    ],
  })
  const searchLayout = device.createBindGroupLayout({
    entries: [
      { ...buffer(0, 'read-only-storage'), buffer: { type: 'read-only-storage', hasDynamicOffset: true } },
      buffer(1, 'read-only-storage'),
      buffer(2, 'storage'),
      buffer(3, 'storage'),
    ],
  })
  const layout = device.createPipelineLayout({ bindGroupLayouts: [partLayout, searchLayout] })
  const compile = (module: GPUShaderModule, entryPoint: string): Promise<GPUComputePipeline> =>
    device.createComputePipelineAsync({ layout, compute: { module, entryPoint } })
  const score = (queries: 1 | typeof BATCH_QUERIES, parts: 1 | 2): Promise<GPUComputePipeline> =>
    compile(device.createShaderModule({ code: scoreShader({ queries, parts }, gpu) }), 'score')
  const select = device.createShaderModule({ code: selectShader(gpu) })
  const [one1, one2, many1, many2, pickCoarse, refine, pickFine, collect] = await Promise.all([
    score(1, 1),
    score(1, 2),
    score(BATCH_QUERIES, 1),
    score(BATCH_QUERIES, 2),
    compile(select, 'pickCoarse'),
    compile(select, 'refine'),
    compile(select, 'pickFine'),
    compile(select, 'collect'),
  ])
  return {
    partLayout,
    searchLayout,
    one: [one1, one2],
    many: [many1, many2],
    pickCoarse,
    refine,
    pickFine,
    collect,
  }
}

function buffer(binding: number, type: GPUBufferBindingType): GPUBindGroupLayoutEntry {
  return { binding, visibility: COMPUTE, buffer: { type } }
}
