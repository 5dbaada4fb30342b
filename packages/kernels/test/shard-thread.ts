/** A shard on a thread of Node, where a test can see what memory it holds. */
import { parentPort } from 'node:worker_threads'
import { serveShard } from '../src/shard.ts'

serveShard(
  {
    addEventListener: (_, listener) => parentPort!.on('message', (data: unknown) => listener({ data })),
    postMessage: (message) => parentPort!.postMessage(message),
  },
  'test',
)
