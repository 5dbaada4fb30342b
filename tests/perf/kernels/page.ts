/** The page of `bench kernels`: everyone who may take part; `ours` for browsers in which the peers are not asked for. */
import { offerBenchmark } from './in-page.ts'
import { gpuPeers, peers } from './peers/all.ts'
import { javascript } from './peers/javascript.ts'
import { oneThread, severalThreads, webgpu } from './vitrine.ts'

const ours = [...oneThread, severalThreads, webgpu]

offerBenchmark({ ours, all: [...ours, ...peers, javascript, ...gpuPeers] })
