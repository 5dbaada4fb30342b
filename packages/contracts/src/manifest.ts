/** A model revision's manifest: what it consists of, content-addressed. */
import * as v from './schema.ts'
import { MAX_ID_LENGTH } from './event.ts'
import { finite, whole } from './numbers.ts'
import { parseWith } from './parse.ts'
import { type KeySet, type Signature, keySet, signatures } from './signature.ts'

/** Manifest schema that this code reads and writes. A device refuses any other. */
export const MANIFEST_SCHEMA = 1

/** The parts of a revision. What each holds, byte by byte, stands in `docs/artifacts.md`. */
export const ARTIFACT_ROLES = [
  'starter',
  'catalogue',
  'statistics',
  'graph',
  'embeddings',
  'encoder',
  'reranker',
  'golden',
  'encoder-onnx',
  'encoder-tfjs',
  'encoder-tfjs-weights',
] as const

/** One of {@link ARTIFACT_ROLES}. */
export type ArtifactRole = (typeof ARTIFACT_ROLES)[number]

/** Engines that run a shop's own encoder in place of the built-in one, with the artifacts that each reads. */
export const ENGINE_ARTIFACTS: Readonly<Record<EngineName, readonly ArtifactRole[]>> = {
  onnx: ['encoder-onnx'],
  tfjs: ['encoder-tfjs', 'encoder-tfjs-weights'],
}

/** ONNX Runtime or TensorFlow.js. */
export type EngineName = 'onnx' | 'tfjs'

/** One content-addressed file of a revision. */
export interface Artifact {
  role: ArtifactRole
  /** Lower-case hex of the SHA-256 of the bytes. */
  sha256: string
  bytes: number
  /** Element type of the main table: `json` for structured artifacts, `uint8` for files of other formats. */
  dtype: 'int4' | 'int8' | 'uint8' | 'float32' | 'json'
  /** Shape of the main table, outermost first; `[]` for `json`, `[bytes]` for files of other formats. */
  shape: number[]
}

/** One revision of a model: manifest, catalogue and artifacts change together or not at all. */
export interface Manifest {
  schema: typeof MANIFEST_SCHEMA
  /** Model id, e.g. `online-retail`. */
  id: string
  /** Content-derived name of this revision. */
  revision: string
  /** ISO 8601, UTC. */
  createdAt: string
  /** ISO 8601, UTC. After it a device takes no new download of this revision. */
  expiresAt?: string
  /** N, the number of items in the catalogue. */
  items: number
  /** d, the number of elements of an embedding. */
  dimension: number
  /** In the order in which a device loads them. */
  artifacts: Artifact[]
  /** What computes query embeddings; the built-in encoder where missing, and where a page has no such engine. */
  engine?: EngineName
  /** Offline metrics as `train` measured them, e.g. `{ "hit_rate@20": 0.31 }`. */
  metrics?: Record<string, number>
  /** Source and licence of the data the model is built from. */
  attribution?: string
  /**
   * Rises with every revision that is signed: Unix seconds of the signing. A device with pinned keys wants it, and
   * takes none that lies in the far future: it would shut out every later one.
   */
  version?: number
  /** The lowest version that a device may go back to once it has used this revision; at most `version`. */
  floor?: number
  /** How trust came from the pinned keys to those that sign now, oldest first. */
  keySets?: KeySet[]
  /** By keys of the newest key set, over everything else in here. */
  signatures?: Signature[]
}

const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/u

/** What may name a model, and so stand in a URL path. */
const slug = v.pipe(v.string, v.regex(/^[a-z0-9][a-z0-9._-]*$/u), v.maxLength(MAX_ID_LENGTH))
const instant = v.pipe(
  v.string,
  v.check((text) => ISO_8601.test(text) && !Number.isNaN(Date.parse(text)), 'a time as ISO 8601 in UTC'),
)
// Larger than any model that is meant for a phone; keeps a hostile manifest from exhausting memory.
const MAX_ARTIFACT_BYTES = 2 ** 30

const artifact: v.Schema<Artifact> = v.strictObject({
  role: v.oneOf(ARTIFACT_ROLES),
  sha256: v.pipe(v.string, v.regex(/^[0-9a-f]{64}$/u)),
  bytes: whole(0, MAX_ARTIFACT_BYTES),
  dtype: v.oneOf(['int4', 'int8', 'uint8', 'float32', 'json']),
  shape: v.pipe(v.array(whole(0)), v.maxLength(4)),
})

/** Unix seconds until the year 2242; below it arithmetic is exact everywhere. */
const version = whole(0, 2 ** 33)
const MAX_KEY_SETS = 32

const fields: v.Schema<Manifest> = v.strictObject({
  schema: v.oneOf([MANIFEST_SCHEMA]),
  id: slug,
  revision: slug,
  createdAt: instant,
  expiresAt: v.optional(instant),
  items: whole(1),
  dimension: whole(1),
  artifacts: v.pipe(
    v.array(artifact),
    v.check(
      (list) => list.length > 0 && new Set(list.map(({ role }) => role)).size === list.length,
      'at least one, and each role once',
    ),
  ),
  engine: v.optional(v.oneOf(['onnx', 'tfjs'])),
  metrics: v.optional(v.record(finite)),
  attribution: v.optional(v.pipe(v.string, v.maxLength(2000))),
  version: v.optional(version),
  floor: v.optional(version),
  keySets: v.optional(v.pipe(v.array(keySet), v.maxLength(MAX_KEY_SETS))),
  signatures: v.optional(signatures),
})

const schema: v.Schema<Manifest> = v.pipe(
  fields,
  v.check(({ version = 0, floor = 0 }) => floor <= version, 'a floor that is not above the version'),
  v.check(
    ({ engine, artifacts }) =>
      !engine || ENGINE_ARTIFACTS[engine].every((role) => artifacts.some((a) => a.role === role)),
    'the artifacts of its engine',
  ),
)

/**
 * Parses a manifest.
 *
 * @throws `VitrineError('INVALID_MANIFEST')` when a field is missing, unknown or out of range.
 */
export function parseManifest(input: unknown): Manifest {
  return parseWith(schema, input, 'INVALID_MANIFEST', 'manifest')
}

/** Returns the artifact with `role`, or `undefined` where the revision has none. */
export function artifactOf(manifest: Manifest, role: ArtifactRole): Artifact | undefined {
  return manifest.artifacts.find((artifact) => artifact.role === role)
}
