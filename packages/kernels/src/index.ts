/** @vitrine/kernels: exact top-k over an int8 table, in WASM SIMD or plain JavaScript. */
export { createTopK } from './create.ts'
export type { CreateTopKOptions } from './create.ts'
export { probeDevices } from './probe.ts'
export type { DeviceProbe } from './probe.ts'
export type { KernelDevice, KernelVariant, Query, Table, TopK, TopKResult } from './top-k.ts'
