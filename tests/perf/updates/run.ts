/** `bench updates`: what a device loads of a revision of which it has the one before, beside the whole. */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type Manifest, applyDelta, maxDeltaBytes } from '@vitrine/contracts'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { newestRevision } from '../../../scripts/serving/model.js'
import { type Edge, startEdge } from '../../e2e/servers/edge.ts'
import { type UpdateReport, type UpdateRow, updatesMarkdown } from './report.ts'
import { type Table, inventTable, moveRows, readTable, replaceRows, writeTable } from './revisions.ts'

const SEED = 7
const CHANGES: readonly [name: string, change: (table: Table, random: () => number) => Table][] = [
  ['1% of the rows moved', (table, random) => moveRows(table, 0.01, random)],
  ['5% of the rows moved', (table, random) => moveRows(table, 0.05, random)],
  ['all rows moved', (table, random) => moveRows(table, 1, random)],
  ['1% of the items gone, as many new', (table, random) => replaceRows(table, 0.01, random)],
]

/** Publishes and loads every change of every table. */
export async function run({ quick, signal, say }: BenchmarkOptions): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-updates-'))
  const edge = await startEdge()
  try {
    const rows: UpdateRow[] = []
    for (const [name, table] of await tables(quick)) {
      for (const [change, apply] of CHANGES) {
        signal.throwIfAborted()
        say(`${name}: ${change}`)
        const next = apply(table, seeded(SEED))
        rows.push({ table: name, change, ...(await measure(edge, folder, [table, next])) })
      }
    }
    const report: UpdateReport = { measured: new Date().toISOString(), rows }
    return { report, lines: rows, markdown: updatesMarkdown(report) }
  } finally {
    await edge.close()
    await rm(folder, { recursive: true })
  }
}

async function tables(quick: boolean): Promise<[string, Table][]> {
  const count = quick ? 4096 : 65_536
  const invented: [string, Table] = [`${count} × 64`, inventTable(count, 64, seeded(SEED))]
  const shop = await readTable(newestRevision().folder)
  return shop ? [[`online-retail, ${shop.ids.length} × ${shop.dimension}`, shop], invented] : [invented]
}

async function measure(
  edge: Edge,
  folder: string,
  [before, after]: [Table, Table],
): Promise<Omit<UpdateRow, 'table' | 'change'>> {
  const tenant = await edge.newTenant('https://shop.example')
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  const manifests = [await writeTable(from, 'before', before), await writeTable(to, 'after', after)]
  await tenant.publish(from)
  await tenant.publish(to)
  const [old, next] = manifests.map(embeddingsOf) as [Manifest['artifacts'][0], Manifest['artifacts'][0]]
  const base = await readFile(join(from, 'embeddings.bin'))
  const whole = await readFile(join(to, 'embeddings.bin'))
  const wholeGzipBytes = gzipSync(whole, { level: 9 }).length
  const answer = await fetch(`${edge.url}/v1/deltas/${old.sha256}/${next.sha256}`)
  const size = { wholeBytes: whole.length, wholeGzipBytes }
  if (answer.status === 404) {
    await answer.body?.cancel()
    return {
      ...size,
      deltaBytes: wholeGzipBytes,
      share: wholeGzipBytes / whole.length,
      applyMs: 0,
      exact: true,
    }
  }
  const delta = new Uint8Array(await answer.arrayBuffer())
  const started = performance.now()
  const inflated = gunzipSync(delta, { maxOutputLength: maxDeltaBytes(next.bytes) })
  const result = applyDelta(base, inflated, next.bytes)
  const exact = createHash('sha256').update(result).digest('hex') === next.sha256
  const applyMs = performance.now() - started
  return { ...size, deltaBytes: delta.length, share: delta.length / whole.length, applyMs, exact }
}

function embeddingsOf({ artifacts }: Manifest): Manifest['artifacts'][0] {
  return artifacts.find(({ role }) => role === 'embeddings')!
}

/** Numbers in [0, 1) that follow from `seed` alone (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
