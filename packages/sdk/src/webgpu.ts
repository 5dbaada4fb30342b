/** Entry of the WebGPU file, which the worker loads where `devices` names `webgpu`, and a probe where the browser has it. */
export { closeSharedGpu, createWebGpuBeside, createWebGpuTopK } from '@vitrine/kernels/webgpu'
export { VERSION } from './version.ts'
