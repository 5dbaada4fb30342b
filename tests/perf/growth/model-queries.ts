/** The table of the committed model, and what is asked of it: after each of its golden histories, and after each item alone. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  encodeHistory,
  priorOf,
  readEmbeddings,
  readEncoder,
  readGolden,
  readStatistics,
} from '@vitrine/recommender'
import { newestRevision } from '../../../scripts/serving/model.js'
import type { SecondPassTask } from './second-pass.ts'

/** A table and its queries, and the model's name. */
export interface ModelQueries {
  model: string
  task: Pick<SecondPassTask, 'dimension' | 'values' | 'scales' | 'bias' | 'queries' | 'biasWeight'>
}

/** Queries are those of a scan after a history: `temperature · q`, the prior at its trained weight. */
export async function modelQueries(): Promise<ModelQueries> {
  const { folder, id, revision } = newestRevision()
  const read = (file: string): Promise<Uint8Array> => readFile(join(folder, file))
  const embeddings = readEmbeddings(await read('embeddings.bin'))
  const encoder = readEncoder(await read('encoder.bin'))
  const prior = priorOf(readStatistics(await read('statistics.bin')))
  const { count, dimension, values, scales } = embeddings
  if (!(values instanceof Int8Array)) throw new TypeError(`${folder} holds no int8 table.`)
  const { cases } = readGolden(await read('golden.json'), count)
  const histories = [
    ...cases.map(({ history }) => history),
    ...Array.from({ length: count }, (_, item) => [item]),
  ]
  const queries = new Float32Array(histories.length * dimension)
  const input = new Float32Array(2 * dimension)
  for (const [at, history] of histories.entries()) {
    const query = queries.subarray(at * dimension, (at + 1) * dimension)
    encodeHistory(encoder, embeddings, history, input, query)
    for (let j = 0; j < dimension; j++) query[j]! *= encoder.temperature
  }
  return {
    model: `${id} ${revision}`,
    task: {
      dimension,
      values: base64(values),
      scales: base64(scales),
      bias: base64(prior),
      queries: base64(queries),
      biasWeight: encoder.priorWeight,
    },
  }
}

function base64({ buffer, byteOffset, byteLength }: Int8Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}
