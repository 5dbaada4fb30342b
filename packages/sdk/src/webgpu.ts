/** Entry of the WebGPU file, which the worker loads only where `devices` names `webgpu`. */
export { createWebGpuTopK } from '@vitrine/kernels/webgpu'
export { VERSION } from './version.ts'
