/** The worker that holds a slice of the catalogue. */
import { serveShard } from '@vitrine/kernels/shard'

serveShard(globalThis)
