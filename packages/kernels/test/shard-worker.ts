/** The worker file of the pools in tests; told to, it throws. */
import { serveShard } from '../src/shard.ts'

addEventListener('message', (event) => {
  if (event.data !== 'throw') return
  event.stopImmediatePropagation()
  throw new Error('asked to throw')
})
serveShard(globalThis, 'test')
