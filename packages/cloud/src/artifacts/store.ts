/** Where artifacts lie, as an interface: a disk and object storage implement it. */

/** Encodings in which an artifact may lie ready, best first. */
export const ENCODINGS = ['br', 'gzip'] as const

/** One of {@link ENCODINGS}. */
export type Encoding = (typeof ENCODINGS)[number]

/** What there is of an artifact. */
export interface ArtifactInfo {
  /** Size of the artifact itself. */
  bytes: number
  /** Size of each encoded form that lies ready; one that saves next to nothing is not kept. */
  encoded: Partial<Record<Encoding, number>>
}

/** Which bytes to read: all of one encoded form, or a part of the artifact itself. */
export type ReadOptions =
  | { encoding: Encoding }
  /** First and last byte, both included, as in a Range header. */
  | { range: { first: number; last: number } }

/**
 * Content-addressed files. An artifact is there whole and verified, or not at all: also after a kill, also while
 * two publish it at once. Artifacts of all tenants lie together; whoever knows a hash may read it.
 *
 * All methods throw `VitrineError('UNAVAILABLE')` when the storage cannot be reached or refuses: repeat later.
 */
export interface ArtifactStore {
  /**
   * Stores `body` under its hash. Repeating is harmless.
   *
   * @param sha256 - lower-case hex
   * @throws `VitrineError('ARTIFACT_CORRUPT')` when the bytes hash to something else, `BODY_TOO_LARGE` over
   * `maxBytes`. Nothing is kept then.
   */
  put(
    sha256: string,
    body: ReadableStream<Uint8Array>,
    options: { maxBytes: number; signal?: AbortSignal | undefined },
  ): Promise<{ bytes: number; created: boolean }>

  /** What there is of an artifact, or `undefined` where there is none. */
  find(sha256: string): Promise<ArtifactInfo | undefined>

  /**
   * Reads an artifact or a form of it.
   *
   * @throws `VitrineError('ARTIFACT_NOT_FOUND')`
   */
  read(sha256: string, options?: ReadOptions): Promise<ReadableStream<Uint8Array>>

  /** Rejects when the storage cannot serve. */
  check(): Promise<void>
}
