/** A shard's side: holds slices of tables in kernels of its own and searches them. */
import { createTopK } from '../create.ts'
import { createScalarTopK } from '../scalar.ts'
import type { ShardAnswer, ShardAnswers, ShardCall, ShardGreeting, ShardRequest } from './protocol.ts'
import { type SharableTopK, isSharable } from './sharable.ts'

/** The part of a worker's global scope that a shard uses. */
export interface ShardScope {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  postMessage(message: unknown): void
}

interface Slice {
  topK: SharableTopK
  rows: number
}

/** Serves the pool that started this worker. `release` is compared with the pool's: both come from one release. */
export function serveShard(scope: ShardScope, release = ''): void {
  const slices = new Map<number, Slice>()
  // A slice is ready some time after it came; what is asked of it meanwhile waits.
  let last: Promise<unknown> = Promise.resolve()
  scope.addEventListener('message', ({ data }) => {
    const { call, ...request } = data as ShardCall
    last = last.then(async () => {
      try {
        const answer = await respond(slices, request)
        // Copied, not transferred: a list is a few hundred bytes.
        scope.postMessage({ call, answer } satisfies ShardAnswer)
      } catch (error) {
        scope.postMessage({ call, error: String(error) } satisfies ShardAnswer)
      }
    })
  })
  scope.postMessage({ shard: release } satisfies ShardGreeting)
}

async function respond(
  slices: Map<number, Slice>,
  request: ShardRequest,
): Promise<ShardAnswers[keyof ShardAnswers]> {
  switch (request.kind) {
    case 'hold': {
      const { slice, devices, variants } = request
      const topK = await createTopK(slice, {
        devices,
        variants,
        loadScalar: async () => ({ createScalarTopK }),
      })
      if (!isSharable(topK)) throw new TypeError(`The device ${topK.device} cannot serve a shard.`)
      slices.set(request.table, { topK, rows: slice.count })
      const { device, variant, bytes } = topK
      return { device, variant, bytes }
    }
    case 'search': {
      const slice = slices.get(request.table)
      if (!slice) throw new RangeError(`This shard holds no table ${request.table}.`)
      return slice.topK.searchRows(request.queries, 0, slice.rows)
    }
    case 'drop': {
      slices.get(request.table)?.topK.dispose()
      slices.delete(request.table)
      return [...slices.values()].reduce((sum, { topK }) => sum + topK.bytes, 0)
    }
    default:
      throw new RangeError(`A shard knows no request ${JSON.stringify(request satisfies never)}.`)
  }
}
