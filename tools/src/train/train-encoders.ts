/** Trains what `vitrine train --encoder-weights` takes: the session encoder on the head of a log, then on all of it. */
import { VitrineError } from '@vitrine/contracts'
import { type EncoderWeights, sessionsDigest } from './encoder-weights.ts'
import { countItems } from './session-plan.ts'
import { type SessionRecipe, chooseSessionRecipe } from './session-recipe.ts'
import { type Sessions, casesOf, headCount, sliceSessions } from './sessions.ts'
import { trainOnTensors } from './train-on-tensors.ts'

/** Sessions over N items. */
export interface EncoderInput {
  /** `[N]`. */
  readonly ids: readonly string[]
  readonly sessions: Sessions
}

/** How far a training is. */
export interface EncoderProgress {
  readonly part: 'head' | 'all'
  /** Of both parts, 0 to 1. */
  readonly share: number
  /** Mean loss a case of each epoch of this part that is done. */
  readonly losses: readonly number[]
}

/** What may differ from what the data suggest, and how to run. */
export interface EncoderOptions {
  readonly seed?: number
  readonly recipe?: Partial<SessionRecipe>
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: EncoderProgress) => void
}

/** Returns the recipe for a log. */
export function recipeFor({ ids, sessions }: EncoderInput): SessionRecipe {
  return chooseSessionRecipe(ids.length, casesOf(sessions).targets.length)
}

/**
 * Trains on the backend of TensorFlow.js that is set.
 *
 * @throws `VitrineError('TOO_LITTLE_DATA')` where no session has two items; the reason of `signal` once aborted.
 * @example
 * ```ts
 * await setBackend('webgpu')
 * const weights = await trainEncoders(await readLog(file), { seed: 1 })
 * download(encodeWeights(weights))
 * ```
 */
export async function trainEncoders(
  log: EncoderInput,
  { seed = 1, recipe: changes, signal, onProgress }: EncoderOptions = {},
): Promise<EncoderWeights> {
  const { ids, sessions } = byFrequency(log)
  const recipe = { ...recipeFor({ ids, sessions }), ...changes }
  const head = sliceSessions(sessions, 0, headCount(sessions))
  const cases = casesOf(sessions).targets.length
  const headCases = casesOf(head).targets.length
  if (headCases < recipe.batch) {
    throw new VitrineError(
      'TOO_LITTLE_DATA',
      `All but the newest tenth of the sessions have ${headCases} steps from item to item, fewer than the ${recipe.batch} of one batch: collect more.`,
    )
  }
  const headShare = headCases / (headCases + cases)
  const train = (part: 'head' | 'all'): ReturnType<typeof trainOnTensors> =>
    trainOnTensors(part === 'head' ? head : sessions, ids.length, recipe, {
      seed,
      ...(signal && { signal }),
      onProgress: (done, losses) => {
        const share = part === 'head' ? headShare * done : headShare + (1 - headShare) * done
        onProgress?.({ part, share, losses })
      },
    })
  const learned = { head: await train('head'), all: await train('all') }
  return { ids, digest: await sessionsDigest(sessions, ids), recipe, ...learned }
}

/** Numbers items as `vitrine train` does, the most frequent first: from one seed both then start alike. */
function byFrequency({ ids, sessions: { offsets, items } }: EncoderInput): EncoderInput {
  const counts = countItems({ offsets, items }, ids.length)
  const order = Array.from(ids.keys()).toSorted(
    (a, b) => counts[b]! - counts[a]! || (ids[a]! < ids[b]! ? -1 : 1),
  )
  const numbers = new Uint32Array(ids.length)
  for (const [number, item] of order.entries()) numbers[item] = number
  return {
    ids: order.map((item) => ids[item]!),
    sessions: { offsets, items: items.map((item) => numbers[item]!) },
  }
}
