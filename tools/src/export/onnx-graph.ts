/** The parts of an ONNX model, made with ONNX's own schema. https://github.com/onnx/onnx/blob/main/docs/IR.md */
import proto, { type onnx as Onnx } from 'onnx-proto'

// A CommonJS module: Node finds no names in it.
const { onnx } = proto

/** Element types. */
export const ElementType: Readonly<Record<'FLOAT' | 'INT8' | 'INT32' | 'INT64', number>> =
  onnx.TensorProto.DataType

/** An operator of ONNX's own set, with integers as its attributes. */
export function node(
  opType: string,
  input: string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
): Onnx.INodeProto {
  const attribute = Object.entries(attributes).map(([name, i]) => ({
    name,
    type: onnx.AttributeProto.AttributeType.INT,
    i,
  }))
  return { opType, input, output: [output], attribute }
}

/** A constant, `dims` row-major. ONNX is little-endian, as every machine that runs Node is. */
export function constant(
  name: string,
  dataType: number,
  dims: number[],
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): Onnx.ITensorProto {
  return { name, dataType, dims, rawData: new Uint8Array(buffer, byteOffset, byteLength) }
}

/** An input or output. */
export function port(name: string, elemType: number, shape: number[]): Onnx.IValueInfoProto {
  const dim = shape.map((dimValue) => ({ dimValue }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

/** The bytes of a model with this graph. */
export function writeModel(
  graph: Onnx.IGraphProto,
  { version, facts }: { version: string; facts: Readonly<Record<string, string>> },
): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    producerName: 'vitrine',
    producerVersion: version,
    metadataProps: Object.entries(facts).map(([key, value]) => ({ key, value })),
    graph,
  })
  return onnx.ModelProto.encode(model).finish()
}
