/** Loads another file of this release into the worker: what not every visit needs, or not before its first list. */
import { VitrineError } from '@vitrine/contracts'
import { VERSION } from '../version.ts'

/** A file that says of which release it is. */
interface ReleaseFile {
  VERSION?: string
}

/** Returns what loads something when first asked, and again, as the next attempt (from 1), when that failed. */
export function once<T>(load: (attempt: number) => Promise<T>): () => Promise<T> {
  let attempts = 0
  let loading: Promise<T> | undefined
  return () =>
    (loading ??= load(++attempts).catch((error: unknown) => {
      loading = undefined
      throw error
    }))
}

/**
 * Returns what the file exports.
 *
 * @param attempt from 1. A browser may remember for a page's life that a module did not load; the fragment makes
 * the next attempt another module of the same file. https://github.com/whatwg/html/issues/6768
 * @throws `VitrineError('NETWORK_FAILED')` when it does not load, `('WORKER_FAILED')` when it is of another release.
 */
export async function importFile<T>(url: string, attempt = 1): Promise<T> {
  const address = attempt > 1 ? `${url}#${attempt}` : url
  let file: ReleaseFile
  try {
    file = (await import(/* @vite-ignore */ address)) as ReleaseFile
  } catch (cause) {
    throw new VitrineError(
      'NETWORK_FAILED',
      `${url} did not load (${String(cause)}); check the connection, and that it is served beside worker.js with a JavaScript MIME type`,
      { cause },
    )
  }
  if (file.VERSION !== VERSION) {
    throw new VitrineError(
      'WORKER_FAILED',
      `${url} is version ${file.VERSION}, the worker is ${VERSION}: serve both from one release`,
    )
  }
  return file as T
}
