/** Entry of the worker file. Started as a worker it greets the page and serves it; imported by a page it waits. */
import { expose } from 'comlink'
import { sendErrors } from './worker/errors.ts'
import { createWorkerApi } from './worker/main.ts'
import type { Greeting } from './worker/protocol.ts'
import { VERSION } from './version.ts'

export { VERSION }

/** Serves one recommender on `port`, and returns its end: what a page calls that has to run it on its main thread. */
export function serve(port: MessagePort): () => Promise<void> {
  sendErrors()
  const api = createWorkerApi()
  expose(api, port)
  return () => api.dispose()
}

// `document` tells a page from a worker; a page that imports this file calls `serve` itself.
if (typeof document === 'undefined' && typeof postMessage === 'function') {
  sendErrors()
  expose(createWorkerApi())
  postMessage({ vitrine: VERSION } satisfies Greeting)
}
