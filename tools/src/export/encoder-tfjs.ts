/** Vitrine's own session encoder as a TensorFlow.js graph model: 8-bit weights, standard operators. */
import type { EncoderParts } from './encoder-parts.ts'

/** A model.json and the file of weights that it names. */
export interface TfjsFiles {
  model: Uint8Array
  weights: Uint8Array
}

/** The file that model.json names. */
export const WEIGHTS_FILE = 'weights.bin'

const NOTHING = -1e30
const TINY = 1e-30

interface Weight {
  name: string
  dtype: 'float32' | 'int32'
  shape: number[]
  values: Int8Array | Float32Array | Int32Array
}

/** A node of a GraphDef as JSON. https://github.com/tensorflow/tfjs/tree/master/tfjs-converter */
interface GraphNode {
  name: string
  op: string
  input: string[]
  attr: Readonly<Record<string, object>>
}

/** Returns the model `item_ids [1, P] int32` (−1 in front of a short history) → `query [1, d] float32`. */
export function encoderAsTfjs({ items, dimension, ...parts }: EncoderParts): TfjsFiles {
  const length = parts.positions.length
  const weights: Weight[] = [
    weight('embeddings', [items, dimension], parts.embeddings),
    weight('embedding_scales', [items, 1], parts.embeddingScales),
    weight('positions', [1, length], parts.positions),
    weight('weights', [dimension, 2 * dimension], parts.weights),
    weight('weight_scales', [dimension, 1], parts.weightScales),
    weight('nothing', [1, length], new Float32Array(length).fill(NOTHING)),
    weight('tiny', [], Float32Array.of(TINY)),
    weight('zeros', [1, length], new Int32Array(length)),
    weight('flat', [1], Int32Array.of(length)),
    weight('newest', [1], Int32Array.of(length - 1)),
    weight('rows_axis', [], Int32Array.of(0)),
    weight('columns_axis', [], Int32Array.of(1)),
  ]
  const nodes = [
    operator('item_ids', 'Placeholder', [], { dtype: typeOf('int32'), shape: { shape: sizes([1, length]) } }),
    ...weights.map(({ name, dtype }) => operator(name, 'Const', [], { dtype: typeOf(dtype) })),
    // Padding reads item 0 and weighs nothing.
    operator('is_item', 'GreaterEqual', ['item_ids', 'zeros']),
    operator('known_ids', 'SelectV2', ['is_item', 'item_ids', 'zeros']),
    operator('ids', 'Reshape', ['known_ids', 'flat']),
    operator('levels', 'GatherV2', ['embeddings', 'ids', 'rows_axis']),
    operator('row_scales', 'GatherV2', ['embedding_scales', 'ids', 'rows_axis']),
    operator('rows', 'Mul', ['levels', 'row_scales']),
    operator('logits', 'SelectV2', ['is_item', 'positions', 'nothing']),
    operator('shares', 'Softmax', ['logits']),
    operator('taste', 'MatMul', ['shares', 'rows'], transposed(false)),
    operator('last', 'GatherV2', ['rows', 'newest', 'rows_axis']),
    operator('input', 'ConcatV2', ['last', 'taste', 'columns_axis'], { N: { i: '2' } }),
    operator('matrix', 'Mul', ['weights', 'weight_scales']),
    operator('direction', 'MatMul', ['input', 'matrix'], transposed(true)),
    operator('squares', 'Mul', ['direction', 'direction']),
    operator('square', 'Sum', ['squares', 'columns_axis'], { keep_dims: { b: true } }),
    operator('norm', 'Sqrt', ['square']),
    operator('divisor', 'AddV2', ['norm', 'tiny']),
    operator('query', 'RealDiv', ['direction', 'divisor']),
  ]
  const model = {
    format: 'graph-model',
    generatedBy: 'vitrine',
    convertedBy: null,
    signature: {
      inputs: { item_ids: tensorInfo('item_ids', 'int32', [1, length]) },
      outputs: { query: tensorInfo('query', 'float32', [1, dimension]) },
    },
    modelTopology: { node: nodes, versions: { producer: 1 } },
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weights.map(specification) }],
  }
  return {
    model: new TextEncoder().encode(JSON.stringify(model)),
    weights: Buffer.concat(weights.map(({ values }) => asStored(values))),
  }
}

function weight(name: string, shape: number[], values: Weight['values']): Weight {
  return { name, shape, values, dtype: values instanceof Int32Array ? 'int32' : 'float32' }
}

function operator(name: string, op: string, input: string[], attr: GraphNode['attr'] = {}): GraphNode {
  return { name, op, input, attr }
}

/** Of a MatMul. */
function transposed(second: boolean): GraphNode['attr'] {
  return { transpose_a: { b: false }, transpose_b: { b: second } }
}

function typeOf(dtype: Weight['dtype']): object {
  return { type: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' }
}

/** Integers of 64 bits are text in a GraphDef's JSON. */
function sizes(shape: readonly number[]): object {
  return { dim: shape.map((size) => ({ size: String(size) })) }
}

function tensorInfo(name: string, dtype: Weight['dtype'], shape: number[]): object {
  return { name: `${name}:0`, dtype: dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT', tensorShape: sizes(shape) }
}

/** int8 goes as uint8 with an offset, the one kind of 8 bits that TensorFlow.js reads; it becomes float32 there. */
function specification({ name, shape, dtype, values }: Weight): object {
  const quantization = { dtype: 'uint8', original_dtype: 'float32', min: -128, scale: 1 }
  return { name, shape, dtype, ...(values instanceof Int8Array && { quantization }) }
}

function asStored(values: Weight['values']): Uint8Array {
  if (values instanceof Int8Array) return Uint8Array.from(values, (level) => level + 128)
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
