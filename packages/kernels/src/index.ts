/** @vitrine/kernels: exact top-k over an int8 table, on WebGPU, in WASM SIMD or plain JavaScript. */
export { createTopK, prepareTopK } from './create.ts'
export type { CreateTopKOptions, WebGpuModule } from './create.ts'
export type { ScalarModule } from './load-scalar.ts'
export { createDense } from './dense.ts'
export type { DenseLayer, DenseLayers } from './layers.ts'
export { probeDevices } from './probe.ts'
export type { DeviceProbe } from './probe.ts'
export type { KernelDevice, KernelVariant, Query, Table, TableRows, TopK, TopKResult } from './top-k.ts'
