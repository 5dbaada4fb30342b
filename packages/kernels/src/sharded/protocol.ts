/** What a pool and its shards say to each other, by plain messages: every request has one answer, in order. */
import type { QuantisedQuery } from '../query.ts'
import type { KernelDevice, KernelVariant, Table, TopKResult, WasmVariant } from '../top-k.ts'

/** A shard's first message. Its form never changes, so that any two releases can tell that they differ. */
export interface ShardGreeting {
  shard: string
}

/** What a shard is asked. `table` is the pool's number for a table of which the shard holds a slice. */
export type ShardRequest =
  | {
      kind: 'hold'
      table: number
      slice: Table
      devices: readonly KernelDevice[]
      variants: readonly WasmVariant[]
    }
  | { kind: 'search'; table: number; queries: readonly QuantisedQuery[] }
  | { kind: 'drop'; table: number }

/** What it answers; indices count from the slice's first row. */
export interface ShardAnswers {
  hold: { device: KernelDevice; variant: KernelVariant; bytes: number }
  search: readonly TopKResult[]
  /** Bytes that the shard still holds, all its tables together. */
  drop: number
}

/** On the wire: `call` pairs a request with its answer. */
export type ShardCall = ShardRequest & { call: number }
export type ShardAnswer =
  { call: number; answer: ShardAnswers[keyof ShardAnswers] } | { call: number; error: string }
