/** What goes into a shop's encoder and what comes out, checked when it is loaded. */
import { VitrineError } from '@vitrine/contracts'
import type { EngineShape } from '@vitrine/recommender'
import type { InferenceSession } from 'onnxruntime-web'

/** Names of the only input and of the output that is read. */
export const INPUT = 'item_ids'
export const OUTPUT = 'query'

const EXPECTED = `an encoder takes ${INPUT} [1, L] int32 and gives ${OUTPUT} [1, d] float32 (docs/engines.md)`

type Session = Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>

/**
 * Returns L, or undefined where the model takes any.
 *
 * @throws `VitrineError('MODEL_UNSUPPORTED')` naming what differs.
 */
export function checkPorts(
  { inputMetadata, outputMetadata }: Session,
  { dimension }: EngineShape,
): number | undefined {
  const [input, ...others] = inputMetadata
  if (others.length > 0 || input?.name !== INPUT) {
    throw unsupported(`its inputs are ${names(inputMetadata)}, not ${INPUT} alone`)
  }
  const output = outputMetadata.find(({ name }) => name === OUTPUT)
  if (!output) throw unsupported(`its outputs are ${names(outputMetadata)}, and ${OUTPUT} is not among them`)
  const [batch, length] = shapeOf(input, 'int32')
  if (!fits(batch, 1)) throw unsupported(`${INPUT} takes batches of ${batch}, not of 1`)
  if (typeof length === 'number' && length < 1) throw unsupported(`${INPUT} takes ${length} items`)
  const [rows, width] = shapeOf(output, 'float32')
  if (!fits(rows, 1) || !fits(width, dimension)) {
    throw unsupported(
      `${OUTPUT} is [${rows}, ${width}], the embeddings of this revision want [1, ${dimension}]`,
    )
  }
  return typeof length === 'number' ? length : undefined
}

/** The error for an encoder that has other inputs or outputs than Vitrine needs. */
export function unsupported(what: string): VitrineError {
  return new VitrineError('MODEL_UNSUPPORTED', `The ONNX encoder does not fit: ${what}; ${EXPECTED}.`)
}

function shapeOf(port: InferenceSession.ValueMetadata, type: string): (number | string)[] {
  if (!port.isTensor || port.type !== type) {
    throw unsupported(`${port.name} is ${port.isTensor ? port.type : 'no tensor'}, not ${type}`)
  }
  if (port.shape.length !== 2) {
    throw unsupported(`${port.name} has ${port.shape.length} dimensions, not 2`)
  }
  return [...port.shape]
}

/** A size with a name in place of a number fits anything; a run tells. */
function fits(size: number | string | undefined, wanted: number): boolean {
  return typeof size !== 'number' || size === wanted
}

function names(ports: readonly { name: string }[]): string {
  return ports.map(({ name }) => name).join(', ') || 'none'
}
