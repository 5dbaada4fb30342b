/** Vitrine's own session encoder as ONNX: int8 weights, standard operators, fixed shapes. */
import type { EncoderParts } from './encoder-parts.ts'
import { ElementType, constant, node, port, writeModel } from './onnx-graph.ts'

const { FLOAT, INT8, INT32, INT64 } = ElementType

/** Weighs nothing in a softmax, and is finite: WebGPU may take an infinity for anything. */
const NOTHING = -1e30
/** Keeps a query of zeros from being divided by zero, and changes no other. */
const TINY = 1e-30

/**
 * Returns the model `item_ids [1, P] int32` (the latest P items, −1 in front where there are fewer) → `query [1, d]
 * float32`. Its operators are those that onnxruntime-web knows on WASM and on WebGPU alike.
 */
export function encoderAsOnnx(
  { items, dimension, ...parts }: EncoderParts,
  about: { version: string; facts: Readonly<Record<string, string>> },
): Uint8Array {
  const length = parts.positions.length
  return writeModel(
    {
      name: 'session encoder',
      input: [port('item_ids', INT32, [1, length])],
      output: [port('query', FLOAT, [1, dimension])],
      initializer: [
        constant('embeddings', INT8, [items, dimension], parts.embeddings),
        constant('embedding_scales', FLOAT, [items], parts.embeddingScales),
        constant('positions', FLOAT, [1, length], parts.positions),
        constant('weights', INT8, [dimension, 2 * dimension], parts.weights),
        constant('weight_scales', FLOAT, [dimension], parts.weightScales),
        constant('zero', INT32, [], Int32Array.of(0)),
        constant('nothing', FLOAT, [], Float32Array.of(NOTHING)),
        constant('tiny', FLOAT, [], Float32Array.of(TINY)),
        constant('flat', INT64, [1], BigInt64Array.of(BigInt(length))),
        constant('newest', INT32, [1], Int32Array.of(length - 1)),
        constant('columns', INT64, [1], BigInt64Array.of(1n)),
      ],
      node: [
        // Padding reads item 0 and weighs nothing.
        node('GreaterOrEqual', ['item_ids', 'zero'], 'is_item'),
        node('Where', ['is_item', 'item_ids', 'zero'], 'known_ids'),
        node('Reshape', ['known_ids', 'flat'], 'ids'),
        node('DequantizeLinear', ['embeddings', 'embedding_scales'], 'table', { axis: 0 }),
        node('Gather', ['table', 'ids'], 'rows', { axis: 0 }),
        // Σ softmax(a)_p · e_p, and the last item's own embedding before it.
        node('Where', ['is_item', 'positions', 'nothing'], 'logits'),
        node('Softmax', ['logits'], 'shares', { axis: 1 }),
        node('MatMul', ['shares', 'rows'], 'taste'),
        node('Gather', ['rows', 'newest'], 'last', { axis: 0 }),
        node('Concat', ['last', 'taste'], 'input', { axis: 1 }),
        // W · input, of unit length.
        node('DequantizeLinear', ['weights', 'weight_scales'], 'matrix', { axis: 0 }),
        node('Gemm', ['input', 'matrix'], 'direction', { transB: 1 }),
        node('Mul', ['direction', 'direction'], 'squares'),
        node('ReduceSum', ['squares', 'columns'], 'square', { keepdims: 1 }),
        node('Sqrt', ['square'], 'norm'),
        node('Add', ['norm', 'tiny'], 'divisor'),
        node('Div', ['direction', 'divisor'], 'query'),
      ],
    },
    about,
  )
}
