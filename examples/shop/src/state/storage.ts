/** The browser's key-value storage, or a memory in its place where the browser refuses it. */

/** What the shop needs of a `Storage`. */
export type KeyValueStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Kept beyond the visit. */
export const lasting: () => KeyValueStorage = () => opened('localStorage')
/** Gone with the tab. */
export const passing: () => KeyValueStorage = () => opened('sessionStorage')

const memory: KeyValueStorage = createMemory()

/** Merely reading the property throws where cookies are blocked. */
function opened(kind: 'localStorage' | 'sessionStorage'): KeyValueStorage {
  try {
    return globalThis[kind]
  } catch {
    return memory
  }
}

function createMemory(): KeyValueStorage {
  const values = new Map<string, string>()
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  }
}
