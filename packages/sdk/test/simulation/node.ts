/** What the simulation takes from Node, typed: the package itself is written for browsers and knows no Node types. */
import { IDBKeyRange } from 'fake-indexeddb'

const node = globalThis as unknown as {
  setImmediate: (callback: () => void) => void
  process: { env: Readonly<Record<string, string | undefined>> }
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

/** How much a test tries: little in `npm test`, much in `npm run soak`. */
export function trials(amounts: { test: number; soak: number }): number {
  return node.process.env['VITRINE_SOAK'] === undefined ? amounts.test : amounts.soak
}

/** The seed of a run: a soak draws a new one for each, and prints it; `VITRINE_SEED` repeats it. */
export function seed(): number {
  return Number(node.process.env['VITRINE_SEED'] ?? 20_261_121)
}
