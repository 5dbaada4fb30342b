/** How the session encoder learns: its size and effort, chosen by the data and the time there is. */
import { type EmbeddingLimits, dimensionFor } from './size-budget.ts'

/** Settings of one training. */
export interface SessionRecipe {
  /** d, divisible by 16. */
  readonly dimension: number
  readonly epochs: number
  /** Cases a step, divisible by 4. */
  readonly batch: number
  /** Negatives that a batch shares, divisible by 8. */
  readonly negatives: number
  /** Adam's rate in the beginning. */
  readonly rate: number
  /** Share of the encoder's inputs that are left out at random. */
  readonly dropout: number
  /** Logit of an item: this times its cosine. */
  readonly temperature: number
  /** Negatives are drawn ∝ occurrences to this power. */
  readonly samplingPower: number
  /** A case of the oldest session is drawn e^−this as often as one of the newest. */
  readonly ageDecay: number
}

/** Latest items that the encoder reads. */
export const POSITIONS = 12

const BATCH = 512
const FEWEST_NEGATIVES = 256
const FEWEST_STEPS = 3000
/** Large logs, too, are passed over so often: from eight passes to fourteen MRR still rises, hit rate hardly. */
const FEWEST_EPOCHS = 14
/**
 * Floating-point operations a second that one core of a plain machine reaches while the other one is as busy: two thirds
 * of what was measured, for slower ones.
 */
export const FLOPS = 1.2e10
/** Share of a budget that training the encoder may take. */
const BUDGET_SHARE = 0.5

/**
 * Returns the settings for `cases` prefixes over `items`, that end within their share of `budgetMs`, with embeddings
 * that leave room for a graph in a model's bytes.
 */
export function chooseSessionRecipe(
  items: number,
  cases: number,
  budgetMs: number = Infinity,
  limits?: EmbeddingLimits,
): SessionRecipe {
  const dimension = dimensionFor(items, cases, limits)
  // Small data is passed over oftener, in smaller batches, or there would be too few steps to learn anything.
  const batch = clamp(4 * Math.round(cases / 256), 64, BATCH)
  const epochs = clamp(Math.ceil((FEWEST_STEPS * batch) / Math.max(1, cases)), FEWEST_EPOCHS, 24)
  const negatives = 8 * Math.ceil(clamp(0.06 * items, Math.min(items, FEWEST_NEGATIVES), 2048) / 8)
  const recipe: SessionRecipe = {
    dimension,
    epochs,
    batch,
    negatives,
    rate: 2e-3,
    dropout: 0.4,
    temperature: 18,
    samplingPower: 0.75,
    ageDecay: 1,
  }
  const seconds = (BUDGET_SHARE * budgetMs) / 1000
  const affordable = (seconds * FLOPS) / operations(recipe, cases)
  if (affordable >= 1) return recipe
  // Fewer negatives cost least quality, then fewer epochs, then fewer dimensions.
  const least = Math.min(negatives, FEWEST_NEGATIVES)
  // A case costs its products with the negatives and with W, which stays.
  const affordableNegatives = 8 * Math.floor((affordable * (negatives + 2 * dimension) - 2 * dimension) / 8)
  const fewer = { ...recipe, negatives: clamp(affordableNegatives, least, negatives) }
  const left = (seconds * FLOPS) / operations(fewer, cases)
  if (left >= 1) return fewer
  const shorter = { ...fewer, epochs: clamp(Math.floor(left * epochs), Math.min(epochs, 4), epochs) }
  if ((seconds * FLOPS) / operations(shorter, cases) >= 1) return shorter
  return { ...shorter, dimension: Math.min(dimension, 32) }
}

/** Returns the floating-point operations that a training takes, products of matrices alone. */
function operations({ dimension, epochs, negatives }: SessionRecipe, cases: number): number {
  return 6 * cases * epochs * dimension * (negatives + 2 * dimension)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
