/** The bound of every kernel on a GPU: reads memory once and does nothing with it. */
import type { Gpu } from '@vitrine/kernels/webgpu'

/** Memory that can be read. */
export interface GpuReader {
  /** Reads all of it once; resolves with the GPU's own time in milliseconds, where it has a clock. */
  read(): Promise<number | undefined>
  dispose(): void
}

/** WebGPU's flags. */
const { mapRead, copySource, copyTarget, storage, queryResolve } = {
  mapRead: 1,
  copySource: 4,
  copyTarget: 8,
  storage: 0x80,
  queryResolve: 0x200,
}
const THREADS = 256
const MOST_WORKGROUPS = 2048
/** Bytes that a thread reads at once. */
const WORD = 16
const TIMESTAMP_BYTES = 16

/** Not zeros: GPUs may compress what is alike, and zeros above all. */
const FILL = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> data: array<vec4<u32>>;
@compute @workgroup_size(${THREADS})
fn fill(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var at = id.x; at < arrayLength(&data); at += groups.x * ${THREADS}u) {
    let x = (vec4<u32>(at) * 4u + vec4<u32>(0u, 1u, 2u, 3u)) * 2654435761u;
    data[at] = (x ^ (x >> vec4<u32>(15u))) * 2246822519u;
  }
}`

/** Four loads at a time; the sum is used, or the loads would go. */
const READ = /* wgsl */ `
@group(0) @binding(0) var<storage> data: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> sum: atomic<u32>;
@compute @workgroup_size(${THREADS})
fn read(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let threads = groups.x * ${THREADS}u;
  let end = arrayLength(&data);
  var x = vec4<u32>();
  var at = id.x;
  for (; at + 3u * threads < end; at += 4u * threads) {
    x ^= data[at] ^ data[at + threads] ^ data[at + 2u * threads] ^ data[at + 3u * threads];
  }
  for (; at < end; at += threads) { x ^= data[at]; }
  let word = x.x ^ x.y ^ x.z ^ x.w;
  if (word == 0x5eed5eedu) { atomicAdd(&sum, 1u); }
}`

/** Fills `bytes` of the GPU's memory, in parts that can be bound. @throws `Error` when it has not so much. */
export async function createGpuReader(gpu: Gpu, bytes: number): Promise<GpuReader> {
  const { device, timestamps } = gpu
  device.pushErrorScope('out-of-memory')
  const most = Math.floor(gpu.bindingBytes / WORD) * WORD
  const sizes: number[] = []
  for (let left = bytes; left > 0; left -= most) sizes.push(Math.ceil(Math.min(most, left) / WORD) * WORD)
  const parts = sizes.map((size) => device.createBuffer({ size, usage: storage }))
  const sum = device.createBuffer({ size: 4, usage: storage | copySource })
  const times = timestamps
    ? {
        set: device.createQuerySet({ type: 'timestamp', count: 2 }),
        buffer: device.createBuffer({ size: TIMESTAMP_BYTES, usage: queryResolve | copySource }),
      }
    : undefined
  const readBack = device.createBuffer({ size: 8 + TIMESTAMP_BYTES, usage: mapRead | copyTarget })
  const failure = await device.popErrorScope()
  if (failure) throw new Error(`The GPU has not the ${bytes} bytes to read: ${failure.message}`)

  const pipelineOf = (code: string): Promise<GPUComputePipeline> =>
    device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }) },
    })
  const [fill, read] = await Promise.all([pipelineOf(FILL), pipelineOf(READ)])
  const groupOf = (pipeline: GPUComputePipeline, ...buffers: GPUBuffer[]): GPUBindGroup =>
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    })
  const encode = (
    pipeline: GPUComputePipeline,
    groups: readonly GPUBindGroup[],
    descriptor: GPUComputePassDescriptor,
  ): GPUCommandEncoder => {
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass(descriptor)
    pass.setPipeline(pipeline)
    for (const [at, group] of groups.entries()) {
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(Math.min(MOST_WORKGROUPS, Math.ceil(sizes[at]! / WORD / THREADS)))
    }
    pass.end()
    return encoder
  }
  const filled = encode(
    fill,
    parts.map((part) => groupOf(fill, part)),
    {},
  )
  device.queue.submit([filled.finish()])
  await device.queue.onSubmittedWorkDone()

  const groups = parts.map((part) => groupOf(read, part, sum))
  return {
    async read() {
      const timing: GPUComputePassDescriptor = times
        ? {
            timestampWrites: {
              querySet: times.set,
              beginningOfPassWriteIndex: 0,
              endOfPassWriteIndex: 1,
            },
          }
        : {}
      const encoder = encode(read, groups, timing)
      if (times) {
        encoder.resolveQuerySet(times.set, 0, 2, times.buffer, 0)
        encoder.copyBufferToBuffer(times.buffer, 0, readBack, 8, TIMESTAMP_BYTES)
      }
      encoder.copyBufferToBuffer(sum, 0, readBack, 0, 4)
      device.queue.submit([encoder.finish()])
      await readBack.mapAsync(1)
      const [start, end] = new BigUint64Array(readBack.getMappedRange(), 8, 2) as unknown as [bigint, bigint]
      const ms = times ? Number(end - start) / 1e6 : undefined
      readBack.unmap()
      return ms
    },
    dispose() {
      for (const buffer of [...parts, sum, readBack]) buffer.destroy()
      times?.set.destroy()
      times?.buffer.destroy()
    },
  }
}
