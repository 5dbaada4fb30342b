/** Models in memory, for devices that cannot score: loaded once, shared by calls, the least recently used one goes. */
import { type ArtifactRole, VitrineError, parseManifest } from '@vitrine/contracts'
import { type Model, loadModel } from '@vitrine/recommender'
import type { ArtifactStore } from '../artifacts/store.ts'
import { sha256Hex } from '../sha256.ts'
import type { StoredRevision } from '../stores/store.ts'

/** Loaded models. */
export interface LoadedModels {
  /**
   * Runs `work` on the model of a revision, loading it first where needed. The model lives until `work` ends.
   *
   * @throws what `loadModel` throws, and `VitrineError('ARTIFACT_CORRUPT')` when stored bytes have changed.
   */
  use<T>(revision: StoredRevision, work: (model: Model) => Promise<T>): Promise<T>
  /** Frees every model that no call uses; the others go with their last call. */
  close(): Promise<void>
}

interface Entry {
  model: Promise<Model>
  users: number
  isEvicted: boolean
}

/**
 * Keeps at most `capacity` models. A manifest names its parts by hash, so its own hash names the whole model and
 * tenants that publish the same one share it.
 */
export function createLoadedModels(
  artifacts: ArtifactStore,
  { capacity }: { capacity: number },
): LoadedModels {
  // Least recently used first: a Map keeps the order of insertion.
  const entries = new Map<string, Entry>()

  function entryOf(revision: StoredRevision): Entry {
    const key = revision.etag
    const known = entries.get(key)
    if (known) entries.delete(key)
    const entry = known ?? { model: load(revision, artifacts), users: 0, isEvicted: false }
    entries.set(key, entry)
    return entry
  }

  function evict(key: string, entry: Entry): void {
    if (entries.get(key) === entry) entries.delete(key)
    entry.isEvicted = true
  }

  function evictOldest(): void {
    for (const [key, entry] of entries) {
      if (entries.size <= capacity) return
      evict(key, entry)
      if (entry.users === 0) dispose(entry)
    }
  }

  async function use<T>(revision: StoredRevision, work: (model: Model) => Promise<T>): Promise<T> {
    const entry = entryOf(revision)
    entry.users++
    evictOldest()
    try {
      const model = await entry.model.catch((error: unknown) => {
        // The next call tries again.
        evict(revision.etag, entry)
        throw error
      })
      return await work(model)
    } finally {
      entry.users--
      if (entry.isEvicted && entry.users === 0) dispose(entry)
    }
  }

  async function close(): Promise<void> {
    for (const [key, entry] of entries) {
      evict(key, entry)
      if (entry.users === 0) dispose(entry)
    }
  }

  return { use, close }
}

/** A model that failed to load has nothing to free; its callers were told. */
function dispose({ model }: Entry): void {
  model.then(
    (loaded) => loaded.dispose(),
    () => undefined,
  )
}

async function load(revision: StoredRevision, artifacts: ArtifactStore): Promise<Model> {
  const manifest = parseManifest(JSON.parse(revision.manifest))
  // A starter is for devices that wait for the whole model.
  const needed = manifest.artifacts.filter(({ role }) => role !== 'starter')
  const read = needed.map(async ({ role, sha256 }): Promise<[ArtifactRole, Uint8Array]> => {
    const bytes = new Uint8Array(await new Response(await artifacts.read(sha256)).arrayBuffer())
    if ((await sha256Hex(bytes)) !== sha256) {
      throw new VitrineError(
        'ARTIFACT_CORRUPT',
        `the stored ${role} (${sha256}) has changed; publish it again`,
      )
    }
    return [role, bytes]
  })
  return loadModel(manifest, new Map(await Promise.all(read)))
}
