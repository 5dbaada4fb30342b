/** The same search as ONNX models: scores of one query over all rows, then TopK. */
import type { onnx } from 'onnx-proto'
import type { Table } from '@vitrine/kernels'
import { DataType, attribute, encodeModel, node, port, tensor } from '../../onnx/graph.ts'
import { floatRows, transposed } from '../catalogue.ts'

const { FLOAT, INT64, INT8, UINT8 } = DataType

const QUERY = 'query'
const SCORES = 'scores'

/** Makes a model's file: `query [1, d] float32` → `values [1, k] float32`, `indices [1, k] int64`. */
export type SearchModel = (table: Table, k: number) => Uint8Array

/** Float32 weights. */
export const floatModel: SearchModel = (table, k) => {
  const { count, dimension } = table
  const columns = transposed(floatRows(table), new Float32Array(count * dimension), count)
  return model(table, k, {
    nodes: [node('MatMul', [QUERY, 'weights'], [SCORES])],
    tensors: [tensor('weights', FLOAT, [dimension, count], columns)],
  })
}

/** Float32 weights as the catalogue has them, a row an item; which of the two is faster depends on N. */
export const floatRowsModel: SearchModel = (table, k) =>
  model(table, k, {
    nodes: [node('Gemm', [QUERY, 'weights'], [SCORES], [attribute('transB', 1)])],
    tensors: [tensor('weights', FLOAT, [table.count, table.dimension], floatRows(table))],
  })

/** int8 weights, the query quantised in the graph. Its scale is left out: it changes no rank. */
export const integerModel: SearchModel = (table, k) => {
  const { count, dimension, values, scales } = table
  const columns = transposed(values, new Int8Array(count * dimension), count)
  return model(table, k, {
    nodes: [
      node('DynamicQuantizeLinear', [QUERY], ['quantised', 'queryScale', 'queryZero']),
      node('MatMulInteger', ['quantised', 'weights', 'queryZero'], ['dots']),
      node('Cast', ['dots'], ['floatDots'], [attribute('to', FLOAT)]),
      node('Mul', ['floatDots', 'scales'], [SCORES]),
    ],
    tensors: [
      tensor('weights', INT8, [dimension, count], columns),
      tensor('scales', FLOAT, [1, count], Float32Array.from(scales)),
    ],
  })
}

/** int8 weights that become float32 on their way: for engines without an integer MatMul. */
export const dequantisedModel: SearchModel = (table, k) => {
  const { count, dimension, values, scales } = table
  const columns = transposed(values, new Int8Array(count * dimension), count)
  return model(table, k, {
    nodes: [
      node('DequantizeLinear', ['weights', 'scales'], ['floatWeights'], [attribute('axis', 1)]),
      node('MatMul', [QUERY, 'floatWeights'], [SCORES]),
    ],
    tensors: [
      tensor('weights', INT8, [dimension, count], columns),
      tensor('scales', FLOAT, [count], Float32Array.from(scales)),
    ],
  })
}

/** 8-bit weights in blocks of one row (`MatMulNBits` of onnxruntime), stored with 128 added. */
export const blockModel: SearchModel = (table, k) => {
  const { count, dimension, values, scales } = table
  const blob = new Uint8Array(values.length)
  for (let at = 0; at < blob.length; at++) blob[at] = values[at]! + 128
  const integers = { K: dimension, N: count, bits: 8, block_size: dimension, accuracy_level: 4 }
  const attributes = Object.entries(integers).map(([name, value]) => attribute(name, value))
  return model(table, k, {
    nodes: [node('MatMulNBits', [QUERY, 'weights', 'scales'], [SCORES], attributes, 'com.microsoft')],
    tensors: [
      tensor('weights', UINT8, [count, 1, dimension], blob),
      tensor('scales', FLOAT, [count], Float32Array.from(scales)),
    ],
  })
}

interface Scoring {
  nodes: onnx.NodeProto[]
  tensors: onnx.TensorProto[]
}

function model(table: Table, k: number, { nodes, tensors }: Scoring): Uint8Array {
  return encodeModel({
    name: 'search',
    node: [...nodes, node('TopK', [SCORES, 'k'], ['values', 'indices'])],
    initializer: [...tensors, tensor('k', INT64, [1], BigInt64Array.of(BigInt(k)))],
    input: [port(QUERY, FLOAT, [1, table.dimension])],
    output: [port('values', FLOAT, [1, k]), port('indices', INT64, [1, k])],
  })
}
