/** The worker that reads its part of the same bytes: what two threads could do at best. */
import { readLimit } from '../kernels/read-limit.ts'

let read: (() => number) | undefined

addEventListener('message', ({ data }: MessageEvent<{ limit: string; bytes: number } | 'read'>) => {
  if (data === 'read') postMessage(read?.())
  else {
    void readLimit(data.limit, data.bytes).then((made) => {
      read = made
      postMessage('ready')
    })
  }
})
