/** Compares the devices with the read limit, in Node or in a browser. */
import { createScalarTopK } from '../src/scalar.ts'
import { checkTable } from '../src/table.ts'
import type { TopKResult } from '../src/top-k.ts'
import { compileKernel, knowsWasmVariant } from '../src/wasm/module.ts'
import { createWasmTopK } from '../src/wasm/wasm.ts'
import { normalTable, normals } from '../test/tables.ts'
import type { Subject } from './interleave.ts'
import { interleave } from './interleave.ts'

const QUERIES = 8

/** What is compared. */
export interface Comparison {
  count: number
  dimension: number
  k: number
}

/** What came out. */
export interface Report {
  timings: Timing[]
  /** Share of the exact top k (float query) that the int8 query finds too, over all queries. */
  int8Overlap: number
}

/** One subject's time for one query. */
export interface Timing {
  name: string
  ms: number
  ratioToLimit: number
}

/** @param readLimit - `assembly/read-limit.ts`, compiled */
export async function compare(
  { count, dimension, k }: Comparison,
  readLimit: Uint8Array<ArrayBuffer>,
): Promise<Report> {
  const table = { ...normalTable(count, dimension, 1), bias: normals(count, 2) }
  const shape = checkTable(table)
  const queries = Array.from({ length: QUERIES }, (_, at) => ({ vector: normals(dimension, 100 + at), k }))
  const rescored = queries.map((query) => ({ ...query, rescore: true }))

  const limit = 'read limit'
  const subjects: Subject[] = [{ name: limit, run: await reader(readLimit, count * (dimension + 12)) }]
  for (const variant of ['relaxed-simd', 'simd'] as const) {
    if (!knowsWasmVariant(variant)) continue
    const topK = await createWasmTopK(table, shape, await compileKernel(variant))
    subjects.push(
      { name: variant, run: (at) => topK.search(queries[at % QUERIES]!) },
      { name: `${variant}, rescored`, run: (at) => topK.search(rescored[at % QUERIES]!) },
      { name: `${variant}, ${QUERIES} at once`, run: () => topK.searchMany(queries), units: QUERIES },
    )
  }
  const scalar = createScalarTopK(table, shape)
  subjects.push({ name: 'scalar', run: (at) => scalar.search(queries[at % QUERIES]!) })

  const medians = await interleave(subjects)
  return {
    timings: [...medians].map(([name, ms]) => ({ name, ms, ratioToLimit: ms / medians.get(limit)! })),
    int8Overlap: overlapOf(await scalar.searchMany(queries), await scalar.searchMany(rescored)),
  }
}

function overlapOf(found: readonly TopKResult[], exact: readonly TopKResult[]): number {
  let common = 0
  let all = 0
  for (const [at, { indices }] of exact.entries()) {
    const wanted = new Set(indices)
    common += found[at]!.indices.filter((index) => wanted.has(index)).length
    all += indices.length
  }
  return common / all
}

async function reader(binary: Uint8Array<ArrayBuffer>, bytes: number): Promise<() => number> {
  const rounded = Math.ceil(bytes / 256) * 256
  const memory = new WebAssembly.Memory({ initial: Math.ceil(rounded / 65_536) })
  new Uint8Array(memory.buffer).fill(1)
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } })
  const read = instance.exports['read'] as (from: number, bytes: number) => number
  return () => read(0, rounded)
}
