/** The page of `bench kernels`: everyone who may take part; `ours` for browsers in which the peers are not asked for. */
import { offerBenchmark } from './in-page.ts'
import { javascript } from './peers/javascript.ts'
import { wasmPeers } from './peers/wasm.ts'
import { webgpuPeers } from './peers/webgpu.ts'
import { oneThread, severalThreads, webgpu } from './vitrine.ts'

const openShard = (): Worker => new Worker(new URL('./shard.ts', import.meta.url), { type: 'module' })

const ours = [...oneThread, severalThreads(openShard), webgpu]

offerBenchmark({ ours, all: [...ours, ...wasmPeers, javascript, ...webgpuPeers] })
