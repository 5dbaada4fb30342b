/** What the peer's page loads: an encoder, MatMul over all items and TopK as one ONNX model with int8 weights. */
import type { Table } from '@vitrine/kernels'
import { randomTable } from '../kernels/catalogue.ts'
import { DataType, attribute, encodeModel, node, port, tensor } from '../onnx/graph.ts'

const { FLOAT, INT64, INT8 } = DataType

/** Items of the history that the encoder reads, as ours does. */
const HISTORY = 12

/**
 * `items [12] int64`, newest last → `indices [1, k] int64`.
 *
 * @param table Embeddings of the items. The encoder's weights are random: they are as long as any.
 */
export function peerModel(table: Table, k: number): Uint8Array {
  const { dimension } = table
  const constants = [
    ...int8Constant('table', table),
    ...int8Constant('encoder', randomTable(2 * dimension, dimension, 2)),
    tensor('positions', FLOAT, [1, HISTORY], new Float32Array(HISTORY).fill(1 / HISTORY)),
    tensor('newest', INT64, [1], BigInt64Array.of(BigInt(HISTORY - 1))),
    tensor('k', INT64, [1], BigInt64Array.of(BigInt(k))),
  ]
  return encodeModel({
    name: 'recommender',
    node: [
      // Constants: dequantised once, when the session starts.
      node('DequantizeLinear', ['table8', 'tableScales'], ['table'], [attribute('axis', 0)]),
      node('DequantizeLinear', ['encoder8', 'encoderScales'], ['encoder'], [attribute('axis', 0)]),
      node('Gather', ['table', 'items'], ['history']),
      node('Gather', ['history', 'newest'], ['last']),
      node('MatMul', ['positions', 'history'], ['mean']),
      node('Concat', ['last', 'mean'], ['both'], [attribute('axis', 1)]),
      node('MatMul', ['both', 'encoder'], ['query']),
      node('Gemm', ['query', 'table'], ['scores'], [attribute('transB', 1)]),
      node('TopK', ['scores', 'k'], ['values', 'indices']),
    ],
    initializer: constants,
    input: [port('items', INT64, [HISTORY])],
    output: [port('indices', INT64, [1, k])],
  })
}

function int8Constant(
  name: string,
  { count, dimension, values, scales }: Table,
): ReturnType<typeof tensor>[] {
  return [
    tensor(`${name}8`, INT8, [count, dimension], values),
    tensor(`${name}Scales`, FLOAT, [count], scales),
  ]
}
