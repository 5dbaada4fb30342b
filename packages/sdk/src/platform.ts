/** Everything the worker takes from its surroundings, as one object with defaults, so that tests need no globals. */

/** Cancels what a timer was set for. */
export type CancelTimer = () => void

/** A channel to the same code in other tabs. */
export interface Broadcast {
  post(message: string): void
  listen(listener: (message: string) => void): void
  close(): void
}

/** The surroundings of a worker. */
export interface Platform {
  fetch: typeof fetch
  /** Unix ms. */
  now: () => number
  /** Milliseconds from a fixed point, for durations. */
  elapsed: () => number
  /** In [0, 1), for jitter. */
  random: () => number
  /** 32 hex digits that nobody can guess. */
  randomId: () => string
  setTimer: (callback: () => void, ms: number) => CancelTimer
  /** SHA-256; undefined in a page that is not served over HTTPS. */
  subtle: SubtleCrypto | undefined
  locks: LockManager | undefined
  indexedDB: IDBFactory | undefined
  broadcast: (name: string) => Broadcast
  isOnline: () => boolean
  /** Whether the browser promised not to evict this origin's storage; undefined where it cannot tell. */
  isPersisted: () => Promise<boolean | undefined>
}

/** What of the globals a page may lack. */
interface Surroundings {
  crypto: Pick<Crypto, 'getRandomValues'> & { subtle?: SubtleCrypto }
  indexedDB?: IDBFactory
  navigator: { onLine: boolean; locks?: LockManager; storage?: StorageManager }
}

/** The surroundings that a browser gives; parts can be replaced. */
export function createPlatform(replaced: Partial<Platform> = {}): Platform {
  // Typed as it is: an insecure page or an old browser lacks some of it.
  const { navigator, crypto, indexedDB }: Surroundings = globalThis
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    now: () => Date.now(),
    elapsed: () => performance.now(),
    random: () => Math.random(),
    randomId: () => hex(crypto.getRandomValues(new Uint8Array(16))),
    setTimer: (callback, ms) => {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    subtle: crypto.subtle,
    locks: navigator.locks,
    indexedDB,
    broadcast: openBroadcast,
    isOnline: () => navigator.onLine,
    isPersisted: async () => navigator.storage?.persisted(),
    ...replaced,
  }
}

/** Lower-case hex digits of `bytes`. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function openBroadcast(name: string): Broadcast {
  const channel = new BroadcastChannel(name)
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => channel.addEventListener('message', ({ data }) => listener(String(data))),
    close: () => channel.close(),
  }
}

/**
 * Runs `work` while holding the lock `name`, so that one tab does it at a time; runs it at once where there
 * are no locks.
 *
 * @throws the signal's reason when it aborts before the lock was had; what `work` throws.
 */
export async function withLock<T>(
  locks: LockManager | undefined,
  name: string,
  { signal }: { signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  if (!locks) return work()
  let working: Promise<T> | undefined
  try {
    await locks.request(name, { signal }, () => (working = work()))
  } catch (error) {
    // Any script of the shop may steal a lock; work that has begun goes on, and its end is what counts.
    if (!working) throw error
  }
  return working!
}
