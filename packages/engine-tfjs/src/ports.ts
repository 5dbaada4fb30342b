/** What goes into a shop's encoder and what comes out, checked when it is loaded. */
import { VitrineError } from '@vitrine/contracts'
import type { EngineShape } from '@vitrine/recommender'

const EXPECTED = 'an encoder takes item ids [1, L] and gives a query [1, d] float32 (docs/engines.md)'

/**
 * An input or output as models of both formats state it; −1 and null stand for any size. The outputs of graph models
 * often state nothing but their name: a run tells.
 */
interface Port {
  name: string
  dtype: string | undefined
  shape?: readonly (number | null)[] | undefined
}

/**
 * Returns L, or undefined where the model takes any.
 *
 * @throws `VitrineError('MODEL_UNSUPPORTED')` naming what differs.
 */
export function checkPorts(
  inputs: readonly Port[],
  outputs: readonly Port[],
  { dimension }: EngineShape,
): number | undefined {
  const [input] = inputs
  const [output] = outputs
  if (!input || inputs.length > 1) throw unsupported(`it has ${inputs.length} inputs, not one`)
  if (!output || outputs.length > 1) throw unsupported(`it has ${outputs.length} outputs, not one`)
  // Layers models cast what they are given; those of Keras say float32 unless told otherwise.
  if (input.dtype !== 'int32' && input.dtype !== 'float32') {
    throw unsupported(`its input ${input.name} is ${input.dtype}, not int32`)
  }
  const [batch, length] = sizesOf(input)
  if (!fits(batch, 1)) throw unsupported(`its input takes batches of ${batch}, not of 1`)
  const [rows, width] = sizesOf(output)
  if (!fits(rows, 1) || !fits(width, dimension)) {
    throw unsupported(
      `its output is [${rows}, ${width}], the embeddings of this revision want [1, ${dimension}]`,
    )
  }
  return isSize(length) ? length : undefined
}

/** The error for an encoder that has other inputs or outputs than Vitrine needs. */
export function unsupported(what: string): VitrineError {
  return new VitrineError(
    'MODEL_UNSUPPORTED',
    `The TensorFlow.js encoder does not fit: ${what}; ${EXPECTED}.`,
  )
}

function sizesOf({ name, shape }: Port): readonly (number | null | undefined)[] {
  if (shape && shape.length !== 2) throw unsupported(`${name} has ${shape.length} dimensions, not 2`)
  return shape ?? []
}

function fits(size: number | null | undefined, wanted: number): boolean {
  return !isSize(size) || size === wanted
}

function isSize(size: number | null | undefined): size is number {
  return typeof size === 'number' && size >= 0
}
