/** What updates cost, as a page. */
import { columns, significant } from '../report/markdown.ts'

/** `docs/benchmarks/updates.json`. */
export interface UpdateReport {
  measured: string
  rows: readonly UpdateRow[]
}

/** One update of one table. */
export interface UpdateRow {
  table: string
  change: string
  /** The whole artifact, and compressed by gzip. */
  wholeBytes: number
  wholeGzipBytes: number
  /** What a device loads instead. */
  deltaBytes: number
  /** `deltaBytes / wholeBytes`. */
  share: number
  /** Inflating, applying and hashing it, in Node. */
  applyMs: number
  /** Whether the result's hash is the one that the manifest names. */
  exact: boolean
}

export function updatesMarkdown({ measured, rows }: UpdateReport): string {
  return `${[
    '# Bytes of an update',
    'Embeddings of which a share of the rows was moved by normal noise of six levels, scales kept, as warm-started training does; published with `vitrine publish` to an endpoint, and loaded from there as a device loads them. A delta that would not pay is not published; then the whole artifact is loaded, and its size stands here.',
    columns(
      ['table', 'change', 'whole', 'whole, gzip', 'delta', 'delta / whole', 'apply and verify'],
      rows.map((row) => [
        row.table,
        row.change,
        row.wholeBytes.toLocaleString('en'),
        row.wholeGzipBytes.toLocaleString('en'),
        row.deltaBytes.toLocaleString('en'),
        `${significant(100 * row.share)}%`,
        `${significant(row.applyMs)} ms`,
      ]),
    ),
    `Every result had the hash that its manifest names: ${rows.every(({ exact }) => exact) ? 'yes' : 'NO'}.`,
    `${measured.slice(0, 10)}. Written by \`npm run bench -- updates\`.`,
  ].join('\n\n')}\n`
}
