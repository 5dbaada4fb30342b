/** The parts of an ONNX model, in the few forms that the benchmarks need. */
import proto, { type onnx as Onnx } from 'onnx-proto'

// A CommonJS module: Node finds no names in it.
const { onnx } = proto

/** Element types. */
export const { DataType } = onnx.TensorProto

/** An operator; `domain` is empty for ONNX's own. */
export function node(
  opType: string,
  input: string[],
  output: string[],
  attribute: Onnx.AttributeProto[] = [],
  domain = '',
): Onnx.NodeProto {
  return onnx.NodeProto.create({ opType, input, output, attribute, domain })
}

/** A constant, `dims` row-major. */
export function tensor(
  name: string,
  dataType: number,
  dims: number[],
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): Onnx.TensorProto {
  return onnx.TensorProto.create({
    name,
    dataType,
    dims,
    rawData: new Uint8Array(buffer, byteOffset, byteLength),
  })
}

/** An input or output. */
export function port(name: string, elemType: number, shape: number[]): Onnx.ValueInfoProto {
  const dim = shape.map((dimValue) => ({ dimValue }))
  return onnx.ValueInfoProto.create({ name, type: { tensorType: { elemType, shape: { dim } } } })
}

/** An integer of an operator. */
export function attribute(name: string, i: number): Onnx.AttributeProto {
  return onnx.AttributeProto.create({ name, type: onnx.AttributeProto.AttributeType.INT, i })
}

/** The file of a model with this graph. */
export function encodeModel(graph: Onnx.IGraphProto): Uint8Array {
  const opsetImport = [
    onnx.OperatorSetIdProto.create({ domain: '', version: 17 }),
    onnx.OperatorSetIdProto.create({ domain: 'com.microsoft', version: 1 }),
  ]
  const model = onnx.ModelProto.create({ irVersion: 8, graph, opsetImport })
  return onnx.ModelProto.encode(model).finish()
}
