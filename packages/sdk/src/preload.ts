/** What a first visit needs beside the worker, asked for while the worker itself is on its way. */
import { manifestUrl, modelDatabase } from './names.ts'
import type { WorkerOptions } from './worker/protocol.ts'

/**
 * Where no model is stored, fetches network file and manifest into the browser's cache, where the worker finds
 * them, and so opens the connection that the model comes on.
 */
export async function preload(
  networkUrl: string,
  options: Pick<WorkerOptions, 'endpoint' | 'model' | 'key'>,
): Promise<void> {
  const stored = await indexedDB.databases()
  if (stored.some(({ name }) => name === modelDatabase(options))) return
  const link = document.createElement('link')
  link.rel = 'modulepreload'
  link.href = networkUrl
  // A policy of nonces covers modules as well.
  link.nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''
  document.head.append(link)
  const answer = await fetch(manifestUrl(options), { credentials: 'omit' })
  await answer.text()
}
