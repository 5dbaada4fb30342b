/** The smallest delta between two versions of an artifact, or none where it does not pay. */
import { gzipSync } from 'node:zlib'
import { type ArtifactRole, VitrineError, applyDelta, maxDeltaBytes } from '@vitrine/contracts'
import type { Revision } from '../../train/index.ts'
import { alignedDelta } from './aligned.ts'
import { matchedDelta } from './matched.ts'
import { type TableLayout, followRows, rowDelta } from './rows.ts'

/** A delta as it is uploaded. */
export interface EncodedDelta {
  role: ArtifactRole
  /** SHA-256 of the artifacts that it leads from and to. */
  from: string
  to: string
  /** Compressed by gzip. */
  delta: Uint8Array
  /** Bytes of the whole artifact, and compressed by gzip: what a device saves. */
  wholeBytes: number
  wholeGzipBytes: number
}

/** A device that knows the base asks for the delta first: it must be worth the question. */
const LARGEST_SHARE = 0.8

/** docs/artifacts.md */
const EMBEDDINGS_HEADER = 20
const SCALE_BYTES = 4

/** Returns the deltas that pay, of all artifacts that changed from one revision to the next. */
export function encodeDeltas(from: Revision, to: Revision): EncodedDelta[] {
  return to.manifest.artifacts.flatMap(({ role, sha256 }) => {
    const before = from.manifest.artifacts.find((artifact) => artifact.role === role)
    const [old, bytes] = [from.artifacts.get(role), to.artifacts.get(role)]
    if (!before || !old || !bytes || before.sha256 === sha256) return []
    if (role === 'starter') return [] // Only devices without any revision ask for one.
    const rows = role === 'embeddings' ? rowsOf(from, to) : undefined
    const delta = encodeDelta(old, bytes, rows)
    const wholeGzipBytes = gzip(bytes).length
    if (delta.length > LARGEST_SHARE * wholeGzipBytes) return []
    return [{ role, from: before.sha256, to: sha256, delta, wholeBytes: bytes.length, wholeGzipBytes }]
  })
}

/** How the rows of a table of items moved. */
export interface Rows {
  layout: TableLayout
  oldRows: Int32Array
  oldCount: number
}

/**
 * Returns the smallest of the deltas that there are ways for, compressed.
 *
 * @throws `VitrineError('INTERNAL')` when applying it gives anything but `to`.
 */
export function encodeDelta(from: Uint8Array, to: Uint8Array, rows?: Rows): Uint8Array<ArrayBuffer> {
  const ways = [alignedDelta(from, to), matchedDelta(from, to)]
  if (rows) ways.push(rowDelta(from, to, rows.layout, rows))
  const possible = ways.filter((delta) => delta.length <= maxDeltaBytes(to.length))
  const packed = possible.map((delta) => ({ delta, bytes: gzip(delta) }))
  const [best] = packed.toSorted((a, b) => a.bytes.length - b.bytes.length)
  if (!best || !sameBytes(applyDelta(from, best.delta, to.length), to)) {
    throw new VitrineError('INTERNAL', 'A delta does not lead to its artifact; nothing of it is published.')
  }
  return best.bytes
}

/** Where the rows of the embeddings went, by the items of both catalogues. */
function rowsOf(from: Revision, to: Revision): Rows | undefined {
  const [oldIds, ids] = [idsOf(from), idsOf(to)]
  if (!oldIds || !ids) return undefined
  const width = rowBytes(from, oldIds.length)
  if (width === undefined || width !== rowBytes(to, ids.length)) return undefined
  return {
    layout: { header: EMBEDDINGS_HEADER, widths: [width - SCALE_BYTES, SCALE_BYTES] },
    oldRows: followRows(oldIds, ids),
    oldCount: oldIds.length,
  }
}

/** Bytes of an item in the embeddings, its scale included; undefined where they do not come out even. */
function rowBytes({ artifacts }: Revision, count: number): number | undefined {
  const width = ((artifacts.get('embeddings')?.length ?? 0) - EMBEDDINGS_HEADER) / count
  return Number.isInteger(width) && width > SCALE_BYTES ? width : undefined
}

function idsOf({ artifacts }: Revision): string[] | undefined {
  const catalogue = artifacts.get('catalogue')
  return catalogue && (JSON.parse(Buffer.from(catalogue).toString()) as { ids?: string[] }).ids
}

function gzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes, { level: 9 }))
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
