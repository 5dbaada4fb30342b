/** In the page: what scoring with the float query instead of its int8 values costs and gains on a real model. */
import { type Query, type TopKResult, createTopK } from '@vitrine/kernels'
import { interleave } from '../measure/interleave.ts'

/** A model's table and queries. A type, not an interface: it travels into the page. */
export type SecondPassTask = {
  kind: 'second-pass'
  k: number
  dimension: number
  /** Little endian, as base64: int8 `[N, d]`, float32 `[N]`, float32 `[N]`, float32 `[queries, d]`. */
  values: string
  scales: string
  bias: string
  queries: string
  biasWeight: number
  samples: number
  sampleMs: number
}

/** What came out. */
export type SecondPassTiming = {
  items: number
  queries: number
  /** Medians of one query. */
  int8Ms: number
  rescoredMs: number
  /** Shares of the exact best k that the int8 query finds too, and of queries for which it finds all, in order. */
  found: number
  sameList: number
  sameFirst: number
}

export async function timeSecondPass(task: SecondPassTask): Promise<SecondPassTiming> {
  const { k, dimension, biasWeight, samples, sampleMs } = task
  const values = new Int8Array(bytesOf(task.values))
  const scales = new Float32Array(bytesOf(task.scales))
  const bias = new Float32Array(bytesOf(task.bias))
  const vectors = new Float32Array(bytesOf(task.queries))
  const topK = await createTopK({ count: scales.length, dimension, values, scales, bias })
  const queries: Query[] = []
  for (let at = 0; at < vectors.length; at += dimension) {
    queries.push({ vector: vectors.subarray(at, at + dimension), k, biasWeight })
  }
  const rescored = queries.map((query) => ({ ...query, rescore: true }))
  const medians = await interleave(
    [
      { name: 'int8', run: (at) => topK.search(queries[at % queries.length]!) },
      { name: 'rescored', run: (at) => topK.search(rescored[at % queries.length]!) },
    ],
    { samples, sampleMs },
  )
  const [rounded, exact] = [await topK.searchMany(queries), await topK.searchMany(rescored)]
  return {
    items: scales.length,
    queries: queries.length,
    int8Ms: medians.get('int8')!,
    rescoredMs: medians.get('rescored')!,
    ...agreementOf(rounded, exact),
  }
}

function agreementOf(
  rounded: readonly TopKResult[],
  exact: readonly TopKResult[],
): Pick<SecondPassTiming, 'found' | 'sameList' | 'sameFirst'> {
  let common = 0
  let all = 0
  let sameList = 0
  let sameFirst = 0
  for (const [at, { indices }] of exact.entries()) {
    const found = rounded[at]!.indices
    const wanted = new Set(indices)
    common += found.filter((row) => wanted.has(row)).length
    all += indices.length
    if (found.join() === indices.join()) sameList++
    if (found[0] === indices[0]) sameFirst++
  }
  return { found: common / all, sameList: sameList / exact.length, sameFirst: sameFirst / exact.length }
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer
}
