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
  if (storage === 'memory') return inMemory()
  const eventsName = `vitrine-behavior:${endpoint}`
  const modelName = modelDatabase({ endpoint, model })
  const open = (name: string, migrations: readonly Migration[] = []): Promise<Database> =>
    openDatabase(name, { indexedDB, migrations, onFallback: (cause) => onFallback(failure(name, cause)) })
  return {
    events: {
      exists: () => databaseExists(eventsName, indexedDB),
      open: () => open(eventsName, LOG_MIGRATIONS),
      delete: async () => indexedDB && deleteDatabase(eventsName, indexedDB),
    },
    openModel: async (consent) =>
      consent === 'granted' ? open(modelName) : createMemoryDatabase('no consent to store'),
    deleteModel: async () => {
      if (indexedDB && (await databaseExists(modelName, indexedDB)))
        await deleteDatabase(modelName, indexedDB)
    },
  }
}

function failure(name: string, cause: unknown): VitrineError {
  const isFull = cause instanceof DOMException && cause.name === 'QuotaExceededError'
  return new VitrineError(
    isFull ? 'QUOTA_EXCEEDED' : 'STORAGE_FAILED',
    `${name} is kept in memory from now on (${String(cause)}); what is tracked until the page closes is sent all the same`,
    { cause },
  )
}

async function nothing(): Promise<void> {
  // In memory there is nothing to delete.
}

function inMemory(): Storage {
  const why = 'the storage option says so'
  return {
    events: {
      exists: async () => false,
      open: async () => createMemoryDatabase(why),
      delete: nothing,
    },
    openModel: async () => createMemoryDatabase(why),
    deleteModel: nothing,
  }
}
