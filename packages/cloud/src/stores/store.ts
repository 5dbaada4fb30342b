/** What the endpoint remembers, as an interface: SQLite and PostgreSQL implement it. */
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
  /** True where devices that use the key have to prove who they are, see `auth/tokens.ts`. */
  needsToken: boolean
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

/** Which events to read. */
export interface ReadEvents {
  /** Those after this one. */
  after?: EventCursor | undefined
  /** Received at or after; Unix ms. */
  from?: number | undefined
  /** Received before; Unix ms. */
  to?: number | undefined
  /** At most. */
  limit: number
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

/** What devices of one model get. */
export interface Rollout {
  model: string
  /** What every device gets that does not get the candidate. */
  stable: string
  /** Published later; replaces the stable one when the next candidate comes. */
  candidate?: string
  /** Share of the devices that get the candidate, 0 to 1; 1 where there is none. */
  share: number
  /** Unix ms of the last change by hand. */
  changedAt: number
  /** Unix ms. Where it is set no device gets the candidate: too many had failed with it. */
  haltedAt?: number
}

/** A line of a model's history. */
export interface PublishedRevision {
  revision: string
  /** Unix ms. */
  publishedAt: number
  /** Devices that were handed it. */
  offered: number
  /** Devices that reported that they cannot use it. */
  failed: number
}

/** A device's word that it cannot use a revision. */
export interface FailureReport {
  model: string
  revision: string
  device: string
  /** Error code of the device, e.g. `SELF_TEST_FAILED`. */
  code: string
  /** Unix ms. */
  at: number
}

/** When failures halt a rollout: both must be reached. */
export interface HaltRule {
  /** Devices that failed. */
  devices: number
  /** Share of those that were handed the candidate, 0 to 1. */
  share: number
}

/** What turns one artifact into another. */
export interface StoredDelta {
  /** Hashes of the artifacts. */
  from: string
  to: string
  /** Hash under which the delta itself lies among the artifacts. */
  sha256: string
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

  /** Events of a tenant in the order of their key. */
  readEvents(tenant: string, options: ReadEvents): Promise<StoredEvent[]>

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
   * Keeps a revision and makes it the candidate for `share` of the devices (missing: all); a candidate that all got
   * becomes the stable one. The first revision of a model is stable at once. A revision that is there already
   * is left alone, and so is the rollout: a repeated publication never undoes a later one.
   *
   * @throws `VitrineError('CONFLICT')` when another manifest is kept under this name.
   */
  publishRevision(
    tenant: string,
    revision: StoredRevision,
    publishedAt: number,
    options?: { share?: number },
  ): Promise<{ created: boolean; rollout: Rollout }>
  findRevision(tenant: string, model: string, revision: string): Promise<StoredRevision | undefined>
  /** Newest first, at most `limit`. */
  listRevisions(tenant: string, model: string, options: { limit: number }): Promise<PublishedRevision[]>
  findRollout(tenant: string, model: string): Promise<Rollout | undefined>
  /** Of all models of a tenant. */
  listRollouts(tenant: string): Promise<Rollout[]>
  /**
   * Makes `revision` the candidate for `share` of the devices, or changes its share; a halted one goes on.
   *
   * @throws `VitrineError('MODEL_NOT_FOUND')` when there is no such model or revision, `CONFLICT` when it is the
   * stable one.
   */
  setRollout(
    tenant: string,
    model: string,
    options: { revision: string; share: number; at: number },
  ): Promise<Rollout>
  /**
   * Makes `revision`, or else the stable one under a candidate, or else the one published before, the only one.
   *
   * @throws `VitrineError('MODEL_NOT_FOUND')` when there is no such model or revision, `CONFLICT` when nothing
   * was published before.
   */
  rollBack(
    tenant: string,
    model: string,
    options: { revision?: string | undefined; at: number },
  ): Promise<{ active: string; previous: string }>

  /** Notes that a device was handed a revision, once a device; of one that was erased nothing is noted. */
  recordOffer(
    tenant: string,
    offer: { model: string; revision: string; device: string; at: number },
  ): Promise<void>
  /**
   * Notes that a device failed with a revision that it was handed, once a device and revision, and halts the rollout
   * of that revision where the rule says so.
   *
   * @throws `VitrineError('MODEL_NOT_FOUND')` when there is no such revision, `NOT_OFFERED` when the device was never
   * handed it.
   */
  reportFailure(
    tenant: string,
    report: FailureReport,
    rule: HaltRule,
  ): Promise<{ isNew: boolean; isHalted: boolean }>

  /** Keeps a delta, the first of its kind. Deltas belong to artifacts, so all tenants share them. */
  addDelta(delta: StoredDelta): Promise<{ created: boolean }>
  findDelta(from: string, to: string): Promise<StoredDelta | undefined>

  /**
   * Binds a device to its key for ever, unless it is bound; returns the thumbprint that it is bound to.
   *
   * @throws `VitrineError('DEVICE_ERASED')` when the device was erased.
   */
  bindDevice(tenant: string, device: string, thumbprint: string, boundAt: number): Promise<string>
  /** True the first time it is called with an id until `expiresAt` (Unix ms): nobody may use a proof twice. */
  useProof(id: string, times: { expiresAt: number; now: number }): Promise<boolean>
  /** Returns the secret of this name that all replicas share; `fresh` becomes it where there is none. */
  secret(name: string, fresh: string): Promise<string>

  /** Rejects when the store cannot serve. */
  check(): Promise<void>
  close(): Promise<void>
}
