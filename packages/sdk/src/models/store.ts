/** The model store: revisions on this device, their artifacts by hash; one transaction moves the active one. */
import {
  type Artifact,
  type ArtifactRole,
  type ErrorCode,
  type Manifest,
  VitrineError,
} from '@vitrine/contracts'
import { codeOf } from '../coded.ts'
import type { Database } from '../storage/database.ts'
import type { Platform } from '../platform.ts'
import { verifyArtifact } from './integrity.ts'
import type { Trust } from './trust.ts'

/** Artifacts of one revision. */
export type Artifacts = ReadonlyMap<ArtifactRole, Uint8Array<ArrayBuffer>>

/** A revision whose artifacts were verified. */
export interface StoredRevision {
  manifest: Manifest
  artifacts: Artifacts
}

/** What the store keeps of a revision beside its artifacts. */
export interface Pointer {
  manifest: Manifest
  etag: string | undefined
  /** The trusted key whose signature was checked; missing for a revision that nobody had to sign. */
  signer?: string | undefined
}

/** A revision whose verified artifacts did not load or compute what they should; it is not tried again by itself. */
export interface Rejection {
  revision: string
  code: ErrorCode
  message: string
  /** Unix ms. */
  at: number
  /** The release of this package that could not use it; another one may. */
  by: string
  /** Whether the endpoint knows. */
  isReported?: boolean
}

/** Everything in store but the artifacts. */
export interface ModelState {
  active: Pointer | undefined
  previous: Pointer | undefined
  trust: Trust | undefined
  rejected: Rejection | undefined
}

const ACTIVE = 'active'
const PREVIOUS = 'previous'
const TRUST = 'trust'
const REJECTED = 'rejected'

/** Keys of artifacts, and of pieces of them, begin with their hash. */
const HASH_LENGTH = 64

/** The revisions of one model on this device. Artifacts are rows keyed by their SHA-256. */
export class ModelStore {
  readonly database: Database
  readonly #subtle: SubtleCrypto | undefined

  constructor(database: Database, { subtle }: Pick<Platform, 'subtle'>) {
    this.database = database
    this.#subtle = subtle
  }

  async state(): Promise<ModelState> {
    const rows = await this.database.transact('readonly', (transaction) =>
      Promise.all([ACTIVE, PREVIOUS, TRUST, REJECTED].map((key) => transaction.get(key))),
    )
    const [active, previous, trust, rejected] = rows as [Pointer?, Pointer?, Trust?, Rejection?]
    return { active, previous, trust, rejected }
  }

  /** Remembers whom this device believes, or which revision it does not try again. */
  async remember({ trust, rejected }: Partial<Pick<ModelState, 'trust' | 'rejected'>>): Promise<void> {
    await this.database.transact('readwrite', async (transaction) => {
      if (trust) transaction.put(TRUST, trust)
      if (rejected) transaction.put(REJECTED, rejected)
    })
  }

  /**
   * Returns the revision with its artifacts, verified.
   *
   * @throws `VitrineError('ARTIFACT_CORRUPT')` when one is missing or rotten.
   */
  async read(manifest: Manifest): Promise<StoredRevision> {
    const kept = keptArtifacts(manifest)
    // All at once, hashing too: a page waits for this.
    const rows = await this.database.transact('readonly', (transaction) =>
      Promise.all(kept.map(({ sha256 }) => transaction.get(sha256))),
    )
    const verified = kept.map(async (artifact, place) => {
      const data = rows[place]
      if (!isBytes(data)) {
        throw new VitrineError(
          'ARTIFACT_CORRUPT',
          `artifact ${artifact.role} of revision ${manifest.revision} is missing from storage; it is downloaded anew`,
        )
      }
      await verifyArtifact(artifact, data, this.#subtle)
      return [artifact.role, data] as const
    })
    return { manifest, artifacts: new Map(await Promise.all(verified)) }
  }

  /** Returns a stored artifact if its bytes are still what its name says; a rotten one counts as missing. */
  async findVerified(artifact: Artifact): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const data = await this.#find(artifact.sha256)
    if (!data) return undefined
    try {
      await verifyArtifact(artifact, data, this.#subtle)
      return data
    } catch (error) {
      if (codeOf(error) === 'ARTIFACT_CORRUPT') return undefined
      throw error
    }
  }

  /**
   * Makes the revision the active one, keeps the one before as previous and drops the artifacts of all others:
   * one transaction, so that a crash leaves the old state or the new one.
   */
  async activate(
    { manifest, artifacts }: StoredRevision,
    { etag, signer, trust }: Pick<Pointer, 'etag' | 'signer'> & Partial<Pick<ModelState, 'trust'>>,
  ): Promise<void> {
    await this.database.transact('readwrite', async (transaction) => {
      const before = (await transaction.get(ACTIVE)) as Pointer | undefined
      const kept = before?.manifest.revision === manifest.revision ? await transaction.get(PREVIOUS) : before
      const previous = kept as Pointer | undefined
      const keys = new Set(await transaction.keys())
      const named = new Set([...manifest.artifacts, ...(previous?.manifest.artifacts ?? [])].map(hashOf))
      for (const artifact of keptArtifacts(manifest)) {
        // Staged rows may have been dropped by another tab's activation.
        if (!keys.has(artifact.sha256)) transaction.put(artifact.sha256, artifacts.get(artifact.role))
      }
      for (const key of keys) {
        if (String(key).length >= HASH_LENGTH && !named.has(String(key))) transaction.delete(key)
      }
      transaction.put(ACTIVE, { manifest, etag, signer } satisfies Pointer)
      if (previous) transaction.put(PREVIOUS, previous)
      if (trust) transaction.put(TRUST, trust)
    })
  }

  async #find(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const row = await this.database.transact('readonly', (transaction) => transaction.get(sha256))
    return isBytes(row) ? row : undefined
  }
}

function isBytes(row: unknown): row is Uint8Array<ArrayBuffer> {
  return row instanceof Uint8Array
}

/** What a device keeps of a revision: all but the starter, which is of use only until the rest is there. */
export function keptArtifacts({ artifacts }: Manifest): Artifact[] {
  return artifacts.filter(({ role }) => role !== 'starter')
}

/** Bytes of what a device keeps of a revision. */
export function sizeOf(manifest: Manifest): number {
  return keptArtifacts(manifest).reduce((sum, { bytes }) => sum + bytes, 0)
}

/** True once a device takes no new download of the revision. @param now Unix ms */
export function isExpired({ expiresAt }: Manifest, now: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now
}

function hashOf({ sha256 }: { sha256: string }): string {
  return sha256
}
