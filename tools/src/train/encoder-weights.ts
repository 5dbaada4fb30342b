/**
 * A trained session encoder as a file, from where it was trained (a browser with a GPU) to where the revision is
 * built. It holds two trainings, as `trainModel` needs them: on the head of the sessions, and on all of them.
 */
import { VitrineError } from '@vitrine/contracts'
import { type StoredTensor, decodeSafetensors, encodeSafetensors } from './safetensors.ts'
import type { SessionModel } from './session-model.ts'
import { POSITIONS, type SessionRecipe } from './session-recipe.ts'
import type { Sessions } from './sessions.ts'

/** Two trainings with one recipe; N items. */
export interface TrainedEncoders {
  readonly recipe: SessionRecipe
  readonly head: SessionModel
  readonly all: SessionModel
}

/** What the file holds. */
export interface EncoderWeights extends TrainedEncoders {
  /** `[N]` ids of the embeddings' rows. */
  readonly ids: readonly string[]
  /** Of the sessions that it was trained on: {@link sessionsDigest}. */
  readonly digest: string
}

const FORMAT = 'vitrine-encoder-1'
const PARTS = ['head', 'all'] as const

/** Hash of sessions by their ids: the same sessions in the same order, the same hash, whatever the items' numbers. */
export async function sessionsDigest({ offsets, items }: Sessions, ids: readonly string[]): Promise<string> {
  const numbers = new Map<number, number>()
  const seen: string[] = []
  const numbered = items.map((item) => {
    let number = numbers.get(item)
    if (number === undefined) numbers.set(item, (number = seen.push(ids[item]!) - 1))
    return number
  })
  const names = new TextEncoder().encode(JSON.stringify(seen))
  const bytes = new Uint8Array(names.length + 4 * (offsets.length + numbered.length))
  bytes.set(names)
  const view = new DataView(bytes.buffer, names.length)
  for (const [i, offset] of offsets.entries()) view.setUint32(4 * i, offset, true)
  for (const [i, number] of numbered.entries()) view.setUint32(4 * (offsets.length + i), number, true)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Writes the file's bytes. */
export function encodeWeights({ ids, digest, recipe, ...models }: EncoderWeights): Uint8Array<ArrayBuffer> {
  return encodeSafetensors({
    metadata: {
      format: FORMAT,
      sessions: digest,
      items: JSON.stringify(ids),
      recipe: JSON.stringify(recipe),
      'head.losses': JSON.stringify(models.head.losses),
      'all.losses': JSON.stringify(models.all.losses),
    },
    tensors: new Map(PARTS.flatMap((part) => tensorsOf(part, models[part]))),
  })
}

function tensorsOf(
  part: string,
  { embeddings: { count, dimension, values }, encoder: { weights, positions } }: SessionModel,
): [string, StoredTensor][] {
  if (!(values instanceof Float32Array)) {
    throw new VitrineError('INTERNAL', 'Trained embeddings are in float32 until a revision is written.')
  }
  return [
    [`${part}.embeddings`, { shape: [count, dimension], values }],
    [`${part}.weights`, { shape: [dimension, 2 * dimension], values: weights }],
    [`${part}.positions`, { shape: [positions.length], values: positions }],
  ]
}

/** @throws `VitrineError('INPUT_UNREADABLE')` for bytes that are no such file, with what is amiss. */
export function decodeWeights(bytes: Uint8Array): EncoderWeights {
  const { metadata, tensors } = decodeSafetensors(bytes)
  if (metadata['format'] !== FORMAT) throw unreadable(`its metadata do not say ${FORMAT}`)
  const digest = metadata['sessions'] ?? ''
  const ids = parse(metadata['items'])
  const recipe = parse(metadata['recipe'])
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
    throw unreadable('it has no item ids')
  if (!isRecipe(recipe)) throw unreadable('it has no recipe')
  const { dimension, temperature } = recipe
  const valuesOf = (name: string, ...shape: number[]): Float32Array => {
    const tensor = tensors.get(name)
    if (tensor && String(tensor.shape) === String(shape) && tensor.values.every(Number.isFinite)) {
      return tensor.values
    }
    throw unreadable(`${name} is not ${shape.join(' × ')} numbers`)
  }
  const readModel = (part: string): SessionModel => {
    const losses = parse(metadata[`${part}.losses`])
    if (!Array.isArray(losses) || !losses.every(Number.isFinite)) throw unreadable('it has no losses')
    const scales = new Float32Array(ids.length).fill(1)
    const values = valuesOf(`${part}.embeddings`, ids.length, dimension)
    const weights = valuesOf(`${part}.weights`, dimension, 2 * dimension)
    const positions = valuesOf(`${part}.positions`, POSITIONS)
    return {
      embeddings: { count: ids.length, dimension, values, scales },
      encoder: { dimension, temperature, priorWeight: 0, positions, weights },
      losses: losses as number[],
    }
  }
  return { ids, digest, recipe, head: readModel('head'), all: readModel('all') }
}

/** Returns both trainings with their rows in the order of `ids`; rows of ids that they lack are zero. */
export function encodersFor(ids: readonly string[], weights: EncoderWeights): TrainedEncoders {
  const places = new Map(weights.ids.map((id, place) => [id, place]))
  const ordered = ({ embeddings: { dimension, values: old }, ...rest }: SessionModel): SessionModel => {
    const values = new Float32Array(ids.length * dimension)
    for (const [place, id] of ids.entries()) {
      const at = places.get(id)
      if (at !== undefined) {
        values.set(old.subarray(at * dimension, (at + 1) * dimension), place * dimension)
      }
    }
    const scales = new Float32Array(ids.length).fill(1)
    return { embeddings: { count: ids.length, dimension, values, scales }, ...rest }
  }
  return { recipe: weights.recipe, head: ordered(weights.head), all: ordered(weights.all) }
}

/** Only what reading depends on; the rest is told in the model card as it stands. */
function isRecipe(value: unknown): value is SessionRecipe {
  const { dimension, temperature } = (value ?? {}) as Partial<SessionRecipe>
  return (
    Number.isInteger(dimension) && dimension! > 0 && dimension! % 16 === 0 && Number.isFinite(temperature)
  )
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch (cause) {
    throw unreadable('its metadata are no JSON', cause)
  }
}

function unreadable(what: string, cause?: unknown): VitrineError {
  return new VitrineError(
    'INPUT_UNREADABLE',
    `This is no file of encoder weights, ${what}: give the one that the training page wrote.`,
    { cause },
  )
}
