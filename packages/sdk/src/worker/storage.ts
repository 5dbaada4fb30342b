/** Which databases a recommender may use: on disk with consent, in memory without. */
import { VitrineError } from '@vitrine/contracts'
import type { Consent, DurableDatabase } from '../behavior/consent.ts'
import { modelDatabase } from '../names.ts'
import type { Platform } from '../platform.ts'
import { LOG_MIGRATIONS } from '../behavior/log.ts'
import type { Database, Migration } from '../storage/database.ts'
import { databaseExists, deleteDatabase, openDatabase } from '../storage/indexeddb.ts'
import { createMemoryDatabase } from '../storage/memory.ts'
import type { WorkerOptions } from './protocol.ts'

/** The databases of one recommender. Behaviour is one for all models of an endpoint, each model has its own. */
export interface Storage {
  events: DurableDatabase
  openModel(consent: Consent): Promise<Database>
  /** Deletes the model from disk, where there is one. */
  deleteModel(): Promise<void>
}

/** Returns the databases that `options` allow. Opens none. */
export function chooseStorage(
  { endpoint, model, storage }: WorkerOptions,
  { indexedDB }: Pick<Platform, 'indexedDB'>,
  onFallback: (cause: unknown) => void,
): Storage {
  const inMemory = storage === 'memory'
  const factory = inMemory ? undefined : indexedDB
  const eventsName = `vitrine-behavior:${endpoint}`
  const modelName = modelDatabase({ endpoint, model })
  const open = async (name: string, migrations: readonly Migration[] = []): Promise<Database> => {
    if (inMemory) return createMemoryDatabase('the storage option says so')
    const noteFallback = (cause: unknown): void => onFallback(failure(name, cause))
    return openDatabase(name, { indexedDB, migrations, onFallback: noteFallback })
  }
  return {
    events: {
      exists: () => databaseExists(eventsName, factory),
      open: () => open(eventsName, LOG_MIGRATIONS),
      delete: async () => factory && deleteDatabase(eventsName, factory),
    },
    openModel: async (consent) =>
      inMemory || consent === 'granted' ? open(modelName) : createMemoryDatabase('no consent to store'),
    async deleteModel() {
      if (factory && (await databaseExists(modelName, factory))) await deleteDatabase(modelName, factory)
    },
  }
}

function failure(name: string, cause: unknown): VitrineError {
  const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError'
  return new VitrineError(
    isFull ? 'QUOTA_EXCEEDED' : 'STORAGE_FAILED',
    `${name} is kept in memory until the page closes (${String(cause)}); what is tracked is sent all the same`,
    { cause },
  )
}
