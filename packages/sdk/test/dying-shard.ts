/** A shard that passes the golden searches and dies soon after. */
import { serveShard } from '@vitrine/kernels/shard'
import { VERSION } from '../src/version.ts'
import { queries } from './placement-table.ts'

let searches = 0

addEventListener('message', (event: MessageEvent<{ kind: string }>) => {
  if (event.data.kind !== 'search' || ++searches <= queries.length) return
  event.stopImmediatePropagation()
  throw new Error('died of old age')
})
serveShard(globalThis, VERSION)
