/** Compiles the pipelines of a device and tries them on searches with known results, because drivers have bugs. */
import { quantiseQuery } from '../query.ts'
import { copyRows, rankRows, scanRows } from '../scalar.ts'
import { checkTable } from '../table.ts'
import type { Query, Table, TopKResult } from '../top-k.ts'
import type { Gpu } from './gpu.ts'
import { createGpuTable } from './gpu-table.ts'
import { type Pipelines, compilePipelines } from './pipelines.ts'

/** More than one workgroup's, and no multiple of one. */
const COUNT = 2000
const DIMENSION = 48

const tested = new WeakMap<Gpu, Promise<Pipelines>>()

/**
 * The pipelines of a device: compiled, tried and thereby warmed up once.
 * @throws `Error` when the device does not compile them or computes wrong.
 */
export function testedPipelines(gpu: Gpu): Promise<Pipelines> {
  let pipelines = tested.get(gpu)
  if (!pipelines) tested.set(gpu, (pipelines = compileAndTest(gpu)))
  return pipelines
}

async function compileAndTest(gpu: Gpu): Promise<Pipelines> {
  const pipelines = await compilePipelines(gpu)
  const table = irregularTable()
  const shape = checkTable(table)
  const rows = copyRows(table)
  const gpuTable = await createGpuTable(gpu, pipelines, rows, shape)
  try {
    // Alone and in batches, int8 and float queries: each pipeline once.
    for (const searches of [[search(0)], [search(1)], [search(2), search(4)], [0, 1, 2, 3, 5].map(search)]) {
      const queries = searches.map((query) => quantiseQuery(query, shape))
      const shortlists = await gpuTable.shortlists(queries)
      for (const [at, query] of queries.entries()) {
        const shortlist = shortlists[at]
        const expected = scanRows(rows, shape, query)
        if (!shortlist || !isSame(rankRows(rows, query, shortlist), expected)) {
          throw new Error(
            `This GPU computes wrong: of the ${query.k} best rows of a test it found ${shortlist?.length ?? 'too many'}.`,
          )
        }
      }
    }
  } finally {
    gpuTable.destroy()
  }
  return pipelines
}

function search(at: number): Query {
  return {
    vector: Float32Array.from({ length: DIMENSION }, (_, j) => Math.cos((at + 1) * (j + 0.5))),
    k: 10 + 40 * at,
    rescore: at % 2 === 1,
    biasWeight: at,
    ...(at > 1 && { mask: Uint8Array.from({ length: COUNT }, (_, row) => Number(row % 7 < at)) }),
  }
}

function isSame(a: TopKResult, b: TopKResult): boolean {
  return a.indices.length === b.indices.length && a.indices.every((row, rank) => row === b.indices[rank])
}

function irregularTable(): Table {
  return {
    count: COUNT,
    dimension: DIMENSION,
    values: Int8Array.from({ length: COUNT * DIMENSION }, (_, at) => Math.round(127 * Math.sin(at * at))),
    scales: Float32Array.from({ length: COUNT }, (_, row) => 0.01 + 0.001 * (row % 5)),
    bias: Float32Array.from({ length: COUNT }, (_, row) => Math.sin(row)),
  }
}
