/** Encoders that are no export of ours: small ones that a merchant could have, made on the spot. */
import { DataType, encodeModel, node, port, tensor } from '../../perf/onnx/graph.ts'

/** Rows and columns of their table of item embeddings. */
export interface Size {
  items: number
  dimension: number
}

/** `[items, dimension]` row-major. */
export function smallTable({ items, dimension }: Size): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: items * dimension }, (_, at) => Math.sin(at + 1))
}

/**
 * The embedding of the latest item, by way of an operator that onnxruntime-web has for the CPU alone: the determinant
 * of a 1 × 1 matrix is its element.
 */
export function exoticOnnx(size: Size): Uint8Array {
  const { items, dimension } = size
  const shape = BigInt64Array.of(1n, BigInt(dimension), 1n, 1n)
  return encodeModel({
    name: 'exotic',
    node: [
      node('Gather', ['table', 'item_ids'], ['row']),
      node('Reshape', ['row', 'shape'], ['matrices']),
      node('Det', ['matrices'], ['query']),
    ],
    initializer: [
      tensor('table', DataType.FLOAT, [items, dimension], smallTable(size)),
      tensor('shape', DataType.INT64, [4], shape),
    ],
    input: [port('item_ids', DataType.INT32, [1, 1])],
    output: [port('query', DataType.FLOAT, [1, dimension])],
  })
}

/** The mean of the items' embeddings as Keras writes it: an embedding and a pooling, for histories of any length. */
export function layersTfjs(size: Size): { model: object; weights: Uint8Array } {
  const { items, dimension } = size
  const { buffer } = smallTable(size)
  return {
    model: {
      format: 'layers-model',
      modelTopology: {
        keras_version: '2.15.0',
        backend: 'tensorflow',
        model_config: {
          class_name: 'Functional',
          config: {
            name: 'mean',
            layers: [
              layer('InputLayer', 'item_ids', { batch_input_shape: [null, null], dtype: 'int32' }, []),
              layer('Embedding', 'embedding', { input_dim: items, output_dim: dimension, dtype: 'float32' }, [
                'item_ids',
              ]),
              layer('GlobalAveragePooling1D', 'query', { dtype: 'float32' }, ['embedding']),
            ],
            input_layers: [['item_ids', 0, 0]],
            output_layers: [['query', 0, 0]],
          },
        },
      },
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: [{ name: 'embedding/embeddings', shape: [items, dimension], dtype: 'float32' }],
        },
      ],
    },
    weights: new Uint8Array(buffer),
  }
}

function layer(className: string, name: string, config: object, inbound: readonly string[]): object {
  return {
    class_name: className,
    config: { name, trainable: true, ...config },
    name,
    inbound_nodes: inbound.length > 0 ? [inbound.map((from) => [from, 0, 0, {}])] : [],
  }
}
