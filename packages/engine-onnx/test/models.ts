/** Small ONNX encoders, made on the spot. */
import proto, { type onnx as Onnx } from 'onnx-proto'

// A CommonJS module: Node finds no names in it.
const { onnx } = proto
/** Element types. */
export const ElementType: Readonly<Record<'FLOAT' | 'INT32' | 'INT64', number>> = onnx.TensorProto.DataType

const { FLOAT, INT32 } = ElementType

/** A port: name, element type, and sizes, a name where a size is free. */
export interface Port {
  name: string
  type: number
  shape: (number | string)[]
}

const port = ({ name, type, shape }: Port): Onnx.ValueInfoProto => {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return onnx.ValueInfoProto.create({ name, type: { tensorType: { elemType: type, shape: { dim } } } })
}

const node = (
  opType: string,
  input: string[],
  output: string[],
  attribute: Onnx.IAttributeProto[] = [],
): Onnx.INodeProto => ({ opType, input, output, attribute })

/** What can be other than in a good encoder. */
export interface Changes {
  input?: Port
  extraInput?: Port
  output?: Port
  /** Rows of the table; N where missing. */
  rows?: number
}

/**
 * The mean of the rows of `table` `[N, d]` that the items name: `query = mean(table[item_ids])`, for histories of
 * any length.
 */
export function meanEncoder(table: Float32Array, dimension: number, changes: Changes = {}): Uint8Array {
  const input = changes.input ?? { name: 'item_ids', type: INT32, shape: [1, 'L'] }
  const output = changes.output ?? { name: 'query', type: FLOAT, shape: [1, dimension] }
  const rows = changes.rows ?? table.length / dimension
  const used = table.subarray(0, rows * dimension)
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'mean',
      node: [
        node('Gather', ['table', input.name], ['rows']),
        node(
          'ReduceMean',
          ['rows'],
          [output.name],
          [
            { name: 'axes', type: onnx.AttributeProto.AttributeType.INTS, ints: [1] },
            { name: 'keepdims', type: onnx.AttributeProto.AttributeType.INT, i: 0 },
          ],
        ),
      ],
      initializer: [
        {
          name: 'table',
          dataType: FLOAT,
          dims: [rows, dimension],
          rawData: new Uint8Array(used.buffer, used.byteOffset, used.byteLength),
        },
      ],
      input: [port(input), ...(changes.extraInput ? [port(changes.extraInput)] : [])],
      output: [port(output)],
    },
  })
  return onnx.ModelProto.encode(model).finish()
}
