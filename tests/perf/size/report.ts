/** The sizes as a page. */
import { columns } from '../report/markdown.ts'

/** `docs/benchmarks/size.json`. */
export interface SizeReport {
  measured: string
  rows: readonly SizeRow[]
}

/** One thing that is loaded; bytes of all its files, each compressed by itself. */
interface SizeRow {
  name: string
  kind: 'vitrine' | 'model' | 'peer'
  bytes: number
  brotli: number
}

export function sizeMarkdown({ measured, rows }: SizeReport): string {
  return `${[
    '# Bytes over the wire',
    'Files as they are published, each compressed by itself with brotli (level 11). Of the peers, the files that a page needs to multiply and to take the top k; no model of theirs. The model is the one committed under `models/online-retail`.',
    columns(
      ['', 'bytes', 'brotli'],
      rows.map(({ name, bytes, brotli }) => [name, bytes.toLocaleString('en'), brotli.toLocaleString('en')]),
    ),
    `${measured.slice(0, 10)}. Written by \`npm run bench -- size\`.`,
  ].join('\n\n')}\n`
}
