/** What the simulation takes from Node, typed: the package itself is written for browsers and knows no Node types. */
import { IDBKeyRange } from 'fake-indexeddb'

const node = globalThis as unknown as {
  setImmediate: (callback: () => void) => void
  navigator?: object
  IDBKeyRange?: unknown
}

/** Puts in place the globals of a browser that the worker's code reads directly. */
export function installBrowserGlobals(): void {
  node.IDBKeyRange = IDBKeyRange
  // Node 20 has none. All that matters of it is replaced through the platform.
  node.navigator ??= { onLine: true }
}

/** One turn of the event loop: everything that is ready runs. */
export function turn(): Promise<void> {
  return new Promise((resolve) => node.setImmediate(resolve))
}
