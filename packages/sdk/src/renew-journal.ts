/** Has Chromium begin a new journal for this origin's IndexedDB, before a kill's traces in the old one cost it. */
import type { WorkerOptions } from './worker/protocol.ts'

/** A database that is there for a moment. */
const SCRATCH = 'vitrine-scratch'

/**
 * Chromium writes each record of its journal as a header and then a body. A kill between the two leaves a header
 * alone: the next start overlooks it and goes on writing right behind it, and the start after that takes what follows
 * for the body, finds the checksum wrong, and throws away all of the origin's databases. Deleting a database makes
 * it compact what it has, which begins a new journal. Nobody waits for it. See docs/decisions/0056.
 */
export async function renewJournal(
  { consent, storage }: Pick<WorkerOptions, 'consent' | 'storage'>,
  factory: IDBFactory = indexedDB,
): Promise<void> {
  if (storage === 'memory' || !navigator.userAgent.includes('Chrome/')) return
  if (consent === 'granted') {
    const opening = factory.open(SCRATCH)
    opening.addEventListener('success', () => opening.result.close())
  }
  // Without consent as well: a kill may have left it behind.
  factory.deleteDatabase(SCRATCH)
}
