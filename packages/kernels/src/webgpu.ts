/** @vitrine/kernels/webgpu: the WebGPU device, a file of its own that `createTopK` loads when it is asked for. */
export { createWebGpuBeside, createWebGpuTopK, probeWebGpu } from './webgpu/webgpu.ts'
export type { BesideOptions, GpuFigures, WebGpuOptions } from './webgpu/webgpu.ts'
export { closeSharedGpu, openGpu } from './webgpu/gpu.ts'
export type { Gpu, GpuOptions } from './webgpu/gpu.ts'
