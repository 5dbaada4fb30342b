/** Revisions that differ in a known share of their rows: as training that goes on changes a model, scales kept. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest } from '@vitrine/contracts'

/** A table of embeddings: what docs/artifacts.md says of `embeddings`. */
export interface Table {
  ids: string[]
  dimension: number
  /** `[N, d]` row-major. */
  values: Int8Array
  /** `[N]` */
  scales: Float32Array
}

const HEADER_BYTES = 20
/** Standard deviation, in levels, of what a few more epochs do to a value of a row that they touch. */
const STEP = 6

/** Reads the embeddings and the ids of a revision's folder; undefined where a value has not 8 bits. */
export async function readTable(folder: string): Promise<Table | undefined> {
  const { ids } = JSON.parse(await readFile(join(folder, 'catalogue.json'), 'utf8')) as { ids: string[] }
  const bytes = new Uint8Array(await readFile(join(folder, 'embeddings.bin')))
  const { dimension } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  const end = HEADER_BYTES + ids.length * dimension
  if (bytes.length !== end + 4 * ids.length) return undefined
  return {
    ids,
    dimension,
    values: new Int8Array(bytes.slice(HEADER_BYTES, end).buffer),
    scales: new Float32Array(bytes.slice(end).buffer),
  }
}

/** A table of normal numbers, as trained ones are. */
export function inventTable(count: number, dimension: number, random: () => number): Table {
  return {
    ids: Array.from({ length: count }, (_, row) => `item-${row}`),
    dimension,
    values: Int8Array.from({ length: count * dimension }, () => clamp(40 * normal(random))),
    scales: Float32Array.from({ length: count }, () => 0.002 + 0.001 * random()),
  }
}

/** The table with a share of its rows moved a little; their scales stay. */
export function moveRows(table: Table, share: number, random: () => number): Table {
  const { ids, dimension } = table
  const values = table.values.slice()
  for (const row of ids.keys()) {
    if (random() >= share) continue
    for (let i = row * dimension; i < (row + 1) * dimension; i++) {
      values[i] = clamp(values[i]! + STEP * normal(random))
    }
  }
  return { ...table, values }
}

/** The table without a share of its rows, and with as many new ones in between. */
export function replaceRows(table: Table, share: number, random: () => number): Table {
  const { dimension } = table
  const rows = table.ids.map((id, row) => {
    const isNew = random() < share
    return {
      id: isNew ? `new-${row}` : id,
      values: isNew
        ? Int8Array.from({ length: dimension }, () => clamp(40 * normal(random)))
        : table.values.subarray(row * dimension, (row + 1) * dimension),
      scale: table.scales[row]!,
      // New items stand elsewhere than those that went.
      place: isNew ? Math.floor(random() * table.ids.length) : row,
    }
  })
  const placed = rows.toSorted((a, b) => a.place - b.place)
  return {
    ids: placed.map(({ id }) => id),
    dimension,
    values: Int8Array.from(placed.flatMap(({ values }) => [...values])),
    scales: Float32Array.from(placed, ({ scale }) => scale),
  }
}

/** Writes a revision of nothing but the table and its catalogue. */
export async function writeTable(folder: string, name: string, table: Table): Promise<Manifest> {
  const { ids, dimension, values, scales } = table
  const header = new Uint32Array([0x65626d65, 1, 0, ids.length, dimension]) // `embe`
  const parts = {
    catalogue: Buffer.from(JSON.stringify({ version: 1, ids })),
    embeddings: Buffer.concat([header, values, scales].map((part) => Buffer.from(part.buffer))),
  }
  const artifact = (role: keyof typeof parts, dtype: 'json' | 'int8', shape: number[]) => ({
    role,
    sha256: createHash('sha256').update(parts[role]).digest('hex'),
    bytes: parts[role].length,
    dtype,
    shape,
  })
  const manifest: Manifest = {
    schema: 1,
    id: 'bench',
    revision: name,
    createdAt: '2026-01-01T00:00:00Z',
    items: ids.length,
    dimension,
    artifacts: [artifact('catalogue', 'json', []), artifact('embeddings', 'int8', [ids.length, dimension])],
  }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'catalogue.json'), parts.catalogue)
  await writeFile(join(folder, 'embeddings.bin'), parts.embeddings)
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  return manifest
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function clamp(value: number): number {
  return Math.max(-127, Math.min(127, Math.round(value)))
}
