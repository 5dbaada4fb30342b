/** Entry of the shard file: a worker beside the worker that holds a slice of the catalogue. */
import { serveShard } from '@vitrine/kernels/shard'
import { VERSION } from './version.ts'

serveShard(globalThis, VERSION)
