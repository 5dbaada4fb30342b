/**
 * Training of the session encoder on TensorFlow.js, whatever its backend: the same gradient and the same step as
 * `assembly/session-training.ts`, on tensors. The gradient is written out: the library would need a kernel for that
 * of `gather` which its WASM backend lacks, and would multiply by transposed matrices, which there is slow.
 */
import {
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  add,
  concat,
  dispose,
  div,
  equal,
  exp,
  gather,
  log,
  matMul,
  max,
  maximum,
  mul,
  reshape,
  scalar,
  scatterND,
  slice,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  tensor1d,
  tensor2d,
  tensorScatterUpdate,
  tidy,
  transpose,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { SessionBatch } from './session-batches.ts'
import type { SessionParameters } from './session-plan.ts'
import { POSITIONS, type SessionRecipe } from './session-recipe.ts'

/** A learned table with Adam's moments. Types, not interfaces: the library asks for an index signature. */
type Learned<T extends Tensor> = { values: T; first: T; second: T }

type State = {
  embeddings: Learned<Tensor2D>
  weights: Learned<Tensor2D>
  positions: Learned<Tensor1D>
}

interface Gradient {
  /** Summed over the batch. */
  readonly loss: Scalar
  /** `[U, d]`, of the items that the batch touches. */
  readonly rows: Tensor2D
  readonly weights: Tensor2D
  readonly positions: Tensor1D
}

/** Logit of a negative that is the target itself: it does not count. */
const NEVER = -1e9
const FIRST = 0.9
const SECOND = 0.999

/** The parameters on the backend that is set; whoever creates one disposes of it. */
export class SessionTensors {
  readonly #recipe: SessionRecipe
  #state: State

  constructor({ embeddings, weights, positions }: SessionParameters, recipe: SessionRecipe) {
    const { dimension } = recipe
    this.#recipe = recipe
    this.#state = tidy(() => ({
      embeddings: learned(tensor2d(embeddings, [embeddings.length / dimension, dimension])),
      weights: learned(tensor2d(weights, [2 * dimension, dimension])),
      positions: learned(tensor1d(positions)),
    }))
  }

  /**
   * Takes step `number`, counted from 1, and returns the sum of the batch's losses, for the caller to dispose of.
   *
   * @param mask `[B, 2d]`, what the encoder's inputs are multiplied by.
   */
  step(batch: SessionBatch, mask: Float32Array, rate: number, number: number): Scalar {
    const corrected = (rate * Math.sqrt(1 - SECOND ** number)) / (1 - FIRST ** number)
    const old = this.#state
    const { loss, ...state } = tidy(() => {
      const { loss, rows, weights, positions } = gradientOf(old, batch, mask, this.#recipe)
      return {
        loss,
        embeddings: stepRows(old.embeddings, batch.touched, rows, corrected),
        weights: adam(old.weights, weights, corrected),
        positions: adam(old.positions, positions, corrected),
      }
    })
    this.#state = state
    dispose(old)
    return loss
  }

  /** Returns copies of what was learned so far. */
  async read(): Promise<SessionParameters> {
    const { embeddings, weights, positions } = this.#state
    return {
      embeddings: (await embeddings.values.data<'float32'>()).slice(),
      weights: (await weights.values.data<'float32'>()).slice(),
      positions: (await positions.values.data<'float32'>()).slice(),
    }
  }

  dispose(): void {
    dispose(this.#state)
  }
}

function learned<T extends Tensor>(values: T): Learned<T> {
  return { values, first: zerosLike(values), second: zerosLike(values) }
}

/** Shapes: B cases, P positions, K negatives, d dimensions. */
function gradientOf(
  { embeddings, weights: { values: weights }, positions }: State,
  { read, touched, places, absence, corrections }: SessionBatch,
  maskValues: Float32Array,
  { batch, dimension, negatives, temperature }: SessionRecipe,
): Gradient {
  const rows = gather(embeddings.values, tensor1d(read, 'int32'))
  const history = reshape(slice(rows, 0, batch * POSITIONS), [batch, POSITIONS, dimension])
  const targets = slice(rows, batch * POSITIONS, batch)
  const others = slice(rows, batch * (POSITIONS + 1), negatives)
  const mask = tensor2d(maskValues, [batch, 2 * dimension])

  const shares = softmax(add(positions.values, tensor2d(absence, [batch, POSITIONS])))
  const columnsOfShares = reshape(shares, [batch, POSITIONS, 1])
  const mean = sum(mul(columnsOfShares, history), 1)
  const last = reshape(slice(history, [0, 0, 0], [batch, 1, dimension]), [batch, dimension])
  const inputs = mul<Tensor2D>(concat([last, mean], 1), mask)
  const raw = matMul(inputs, weights)
  const factors = div(1, add(sqrt(sum(square(raw), 1, true)), 1e-12))
  const queries = mul<Tensor2D>(raw, factors)

  const cosines = matMul(queries, transpose(others))
  const items = tensor2d(read.subarray(batch * POSITIONS), [1, batch + negatives], 'int32')
  const isTarget = equal(
    reshape(slice(items, [0, 0], [1, batch]), [batch, 1]),
    slice(items, [0, batch], [1, negatives]),
  )
  const logits = where(isTarget, scalar(NEVER), sub(mul(cosines, temperature), tensor1d(corrections)))
  const own = mul(sum(mul(queries, targets), 1, true), temperature)
  const largest = maximum(max(logits, 1, true), own)
  const odds = exp(sub(logits, largest))
  const ownOdds = exp(sub(own, largest))
  const total = add(sum(odds, 1, true), ownOdds)
  const loss = sum<Scalar>(sub(add(largest, log(total)), own))

  const byCosine = div(temperature / batch, total)
  const otherSlopes = mul<Tensor2D>(odds, byCosine)
  const ownSlopes = mul(sub(div(ownOdds, total), 1), temperature / batch)
  const byQuery = add(matMul(otherSlopes, others), mul(ownSlopes, targets))
  const tangent = sub(byQuery, mul(queries, sum(mul(queries, byQuery), 1, true)))
  const byRaw = mul<Tensor2D>(tangent, factors)
  const byInput = mul(matMul(byRaw, transpose(weights)), mask)
  const byLast = slice(byInput, [0, 0], [batch, dimension])
  const byMean = reshape(slice(byInput, [0, dimension], [batch, dimension]), [batch, 1, dimension])
  const byShare = sum(mul(history, byMean), 2)
  const slopes = concat<Tensor2D>([
    reshape(mul(columnsOfShares, byMean), [batch * POSITIONS, dimension]),
    byLast as Tensor2D,
    mul(ownSlopes, queries),
    matMul(transpose(otherSlopes), queries),
  ])
  return {
    loss,
    rows: scatterND(tensor2d(places, [places.length, 1], 'int32'), slopes, [touched.length, dimension]),
    weights: matMul(transpose(inputs), byRaw),
    positions: sum(mul(shares, sub(byShare, sum(mul(shares, byShare), 1, true))), 0),
  }
}

/** Steps the rows `touched` along the unit sphere; the others stay, and so do their moments. */
function stepRows(
  { values, first, second }: Learned<Tensor2D>,
  touched: Int32Array,
  gradient: Tensor2D,
  rate: number,
): Learned<Tensor2D> {
  const places = tensor1d(touched, 'int32')
  const rows = gather(values, places)
  const tangent = sub<Tensor2D>(gradient, mul(rows, sum(mul(gradient, rows), 1, true)))
  const before = { values: rows, first: gather(first, places), second: gather(second, places) }
  const after = adam(before, tangent, rate)
  const lengths = add(sqrt(sum(square(after.values), 1, true)), 1e-12)
  const column = reshape(places, [touched.length, 1])
  const put = (table: Tensor2D, changed: Tensor): Tensor2D => tensorScatterUpdate(table, column, changed)
  return {
    values: put(values, div(after.values, lengths)),
    first: put(first, after.first),
    second: put(second, after.second),
  }
}

/** One step of Adam at the corrected `rate`. */
function adam<T extends Tensor>(
  { values, first, second }: Learned<T>,
  gradient: T,
  rate: number,
): Learned<T> {
  const mean = add<T>(mul(first, FIRST), mul(gradient, 1 - FIRST))
  const variance = add<T>(mul(second, SECOND), mul(square(gradient), 1 - SECOND))
  const change = div(mul(mean, rate), add(sqrt(variance), 1e-10))
  return { values: sub<T>(values, change), first: mean, second: variance }
}
