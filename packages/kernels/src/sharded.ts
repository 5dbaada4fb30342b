/** @vitrine/kernels/sharded: one table searched by several workers, loaded where it is measured to pay. */
export { openShardPool } from './sharded/pool.ts'
export type { ShardPool, ShardPoolOptions, ShardWorker } from './sharded/pool.ts'
export { shardTopK } from './sharded/sharded.ts'
export type { Parallel, ShardedTopK, ShardOptions } from './sharded/sharded.ts'
export { copyOut, firstRows } from './rows.ts'
export { isSharable } from './sharded/sharable.ts'
export type { SharableTopK } from './sharded/sharable.ts'
