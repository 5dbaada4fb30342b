/** @vitrine/kernels/shard: what a shard's worker file runs, kernels and nothing else. */
export { serveShard } from './sharded/serve.ts'
export type { ShardScope } from './sharded/serve.ts'
