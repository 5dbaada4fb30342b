/** What the endpoint remembers, as an interface: SQLite implements it today, a networked database can tomorrow. */
import type { BehaviorEvent } from '@vitrine/contracts'

/** `publishable` keys stand in a shop's pages; `secret` keys stay with the shop. */
export type KeyKind = 'publishable' | 'secret'

/** A key as stored: never its text, only a hash of it. */
export interface KeyRecord {
  /** The part of the key that is no secret; names it in lists and in `vitrine keys revoke`. */
  id: string
  /** Lower-case hex of the SHA-256 of the whole key. */
  hash: string
  kind: KeyKind
  tenant: string
  /** Origins whose pages may use the key, as `parseOriginPattern` returns them; empty for secret keys. */
  origins: readonly string[]
  /** Unix ms. */
  createdAt: number
  /** Unix ms; missing while the key is good. */
  revokedAt?: number
}

/** A batch that was parsed and whose events carry corrected times. Event i has `seq = firstSeq + i`. */
export interface NewEvents {
  device: string
  epoch: string
  firstSeq: number
  events: readonly BehaviorEvent[]
  /** Unix ms on the endpoint's clock. */
  receivedAt: number
}

/** What became of a batch. `stored + duplicates` is its length. */
export interface AppendResult {
  stored: number
  /** Events that were there already; the first version of an event stays. */
  duplicates: number
  /** Numbers between the log's high-water mark and this batch: dropped by the device, or still on their way. */
  skipped: number
}

/** An event as read back. */
export interface StoredEvent extends BehaviorEvent {
  device: string
  epoch: string
  /** Unix ms on the endpoint's clock. */
  receivedAt: number
}

/** Where a page of events ended. */
export interface EventCursor {
  device: string
  epoch: string
  seq: number
}

/** A published revision. */
export interface StoredRevision {
  model: string
  revision: string
  /** The manifest as JSON, byte for byte what devices get. */
  manifest: string
  /** Lower-case hex of the SHA-256 of `manifest`. */
  etag: string
}

/**
 * Durable, transactional storage. Every method that writes resolves after the commit is durable, and either
 * all or nothing of it happened. Everything but keys is seen by one tenant alone.
 *
 * All methods throw `VitrineError('UNAVAILABLE')` when the database cannot be reached or refuses: repeat later.
 */
export interface Store {
  /**
   * Stores the events that are not there yet; key `(tenant, device, epoch, seq)`.
   *
   * @throws `VitrineError('DEVICE_ERASED')` when the device was erased before: nothing is stored.
   */
  appendEvents(tenant: string, batch: NewEvents): Promise<AppendResult>

  /** Events of a tenant in the order of their key, at most `limit`, after `after`. */
  readEvents(
    tenant: string,
    options: { after?: EventCursor | undefined; limit: number },
  ): Promise<StoredEvent[]>

  /** Deletes all that is known of a device and refuses what still comes from it. Returns the number of events. */
  eraseDevice(tenant: string, device: string, erasedAt: number): Promise<number>

  addKey(key: KeyRecord): Promise<void>
  findKey(id: string): Promise<KeyRecord | undefined>
  /** Oldest first; of one tenant where one is named. */
  listKeys(tenant?: string): Promise<KeyRecord[]>
  /** False when there is no such key. A key that was revoked before keeps its date. */
  revokeKey(id: string, revokedAt: number): Promise<boolean>
  /** True when a good publishable key of any tenant lists one of `patterns`. */
  hasOrigin(patterns: readonly string[]): Promise<boolean>

  /**
   * Keeps a revision and makes it the active one; a revision that is there already is left alone, and so is the
   * active one, so that a repeated publication never undoes a later one.
   *
   * @throws `VitrineError('CONFLICT')` when another manifest is kept under this name.
   */
  publishRevision(
    tenant: string,
    revision: StoredRevision,
    publishedAt: number,
  ): Promise<{ created: boolean; active: string }>
  /** The active revision of a model. */
  activeRevision(tenant: string, model: string): Promise<StoredRevision | undefined>
  /** Active revision by model id. */
  activeRevisions(tenant: string): Promise<Record<string, string>>
  /**
   * Makes `revision`, or else the one published before the active one, the active one.
   *
   * @throws `VitrineError('MODEL_NOT_FOUND')` when there is no such model or revision, `CONFLICT` when nothing
   * was published before the active one.
   */
  rollBack(
    tenant: string,
    model: string,
    options: { revision?: string | undefined; at: number },
  ): Promise<{ active: string; previous: string }>

  /** Rejects when the store cannot serve. */
  check(): Promise<void>
  close(): Promise<void>
}
