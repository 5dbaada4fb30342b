/** Evaluates the shelves that serve an objective, and baselines tuned for it, on the same questions. */
import { VitrineError } from '@vitrine/contracts'
import { type Model, type Objective, itemAt, recommend } from '@vitrine/recommender'
import { type SessionLog, holdOut } from '../../data/session-log.ts'
import { descend } from '../../train/coordinate-descent.ts'
import { FEWEST_TRIALS, TAIL_SHARE } from '../../train/tuning-effort.ts'
import type { Settings } from '../baselines/family.ts'
import { type Difference, pairedBootstrap } from '../bootstrap.ts'
import {
  type ShelfMeasure,
  type ShelfRanker,
  type ShelfRates,
  type ShelfValues,
  measureShelf,
  shelfRatesOf,
} from './measure-shelf.ts'
import type { ShelfQuestion } from './question.ts'
import type { ShelfData, ShelfFamily } from './shelf-family.ts'
import { SHELF_OBJECTIVES } from './shelf-objectives.ts'
import { agreementOf, type Agreement } from './agreement.ts'
import { TREND_OBJECTIVE } from './trend-objective.ts'

/** A ranker's rates, and those of the shelf that is made for the objective minus them. */
export interface ComparedRates extends ShelfRates {
  /** In the objective's own measure. */
  difference: Difference
}

/** A baseline's rates, with what tuning chose. */
export interface ShelfBaselineReport extends ComparedRates {
  settings: Settings
  trials: number
}

/** What one objective was measured at. Rates are shares, 0 to 1. */
export interface ShelfReport extends ShelfRates {
  objective: Objective
  placement: string
  model: string
  revision: string
  k: number
  /** The measure that baselines are tuned by and that differences are stated in. */
  by: ShelfMeasure
  questions: number
  shoppers: number
  /** Other shelves on the same questions, by placement. */
  shelves: Record<string, ComparedRates>
  baselines: Record<string, ShelfBaselineReport>
  /** Of similar items alone: how alike they look. */
  agreement?: Record<string, Agreement>
}

/** What to evaluate. */
export interface EvaluateShelfInput {
  objective: Exclude<Objective, 'next-item'>
  model: Model
  train: SessionLog
  test: SessionLog
}

/** How to evaluate. */
export interface EvaluateShelfOptions {
  k: number
  onProgress?: (progress: { stage: string; share: number }) => void
  signal?: AbortSignal
}

/** Most questions that a baseline's settings are tried on. */
const TUNING_QUESTIONS = 500

/** Evaluates. @throws `VitrineError('INVALID_OPTIONS')` where the log lacks what the objective needs. */
export async function evaluateShelf(
  { objective, model, train, test }: EvaluateShelfInput,
  { k, onProgress, signal }: EvaluateShelfOptions,
): Promise<ShelfReport> {
  const { placements, by, ask, baselines, needsShoppers } =
    objective === 'trending' ? TREND_OBJECTIVE : SHELF_OBJECTIVES[objective]
  if (needsShoppers && !test.users) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `The objective ${objective} needs to know whose session each is: give --events of an import with a user column.`,
    )
  }
  const questions = ask(train, test, k)
  if (questions.length === 0) {
    throw new VitrineError(
      'NOTHING_HELD_OUT',
      `The sessions after training pose no question of ${objective}: import more, or train with a larger --holdout.`,
    )
  }
  const names = Object.keys(baselines)
  const parts = placements.length + names.length
  let part = 0
  const step = (stage: string): void => onProgress?.({ stage, share: part++ / parts })
  const options = { k, ...(signal && { signal }) }
  const catalogue = Array.from({ length: model.manifest.items }, (_, item) => itemAt(model.catalogue, item))
  const lists = new Map<string, ShelfRanker>()

  const [main, ...others] = placements
  step(main!)
  const rankBy = (placement: string): ShelfRanker =>
    objective === 'trending' ? TREND_OBJECTIVE.ours(model, train, test) : shelfOf(model, placement)
  const ours = await measureShelf(rankBy(main!), questions, options)
  lists.set(main!, rankBy(main!))
  const compared = (theirs: ShelfValues): ComparedRates => ({
    ...shelfRatesOf(theirs),
    difference: differenceOf(ours[by], theirs[by], questions),
  })
  const shelves: ShelfReport['shelves'] = {}
  for (const placement of others) {
    step(placement)
    shelves[placement] = compared(await measureShelf(rankBy(placement), questions, options))
  }
  const tuning = tuningOf(objective, { train, test }, ask, k)
  const reports: ShelfReport['baselines'] = {}
  for (const [name, baseline] of Object.entries(baselines)) {
    step(`tuning ${name}`)
    const { rank, settings, trials } = await fitShelf(baseline, { ...tuning, catalogue, by }, options)
    lists.set(name, rank)
    reports[name] = { ...compared(await measureShelf(rank, questions, options)), settings, trials }
  }
  return {
    ...shelfRatesOf(ours),
    objective,
    placement: main!,
    model: model.manifest.id,
    revision: model.manifest.revision,
    k,
    by,
    questions: questions.length,
    shoppers: new Set(questions.map(({ shopper }) => shopper)).size,
    shelves,
    baselines: reports,
    ...(objective === 'similar' && { agreement: await agreementOf(lists, questions, catalogue, k) }),
  }
}

/** The shelf as a page asks for it. */
function shelfOf(model: Model, placement: string): ShelfRanker {
  return async ({ history, anchor }, k) => {
    const request = { placement, k, ...(anchor !== undefined && placement !== 'cart' && { anchor }) }
    const { items } = await recommend(model, request, placement === 'bought-together' ? [] : history)
    return items.map(({ item }) => item)
  }
}

/** What a baseline is fitted on in the end, and what it is tuned on: the tail of the training sessions. */
interface Tuning {
  readonly fitted: SessionLog
  readonly head: SessionLog
  readonly questions: readonly ShelfQuestion[]
}

function tuningOf(
  objective: Objective,
  { train, test }: Pick<EvaluateShelfInput, 'train' | 'test'>,
  ask: (known: SessionLog, asked: SessionLog, k: number) => ShelfQuestion[],
  k: number,
): Tuning {
  const { train: head, test: tail } = holdOut(train, TAIL_SHARE)
  const questions = ask(head, tail, k)
  const every = Math.max(1, Math.ceil(questions.length / TUNING_QUESTIONS))
  return {
    // Trends are asked of a moment each, and look no further.
    fitted: objective === 'trending' ? TREND_OBJECTIVE.joined(train, test) : train,
    head: objective === 'trending' ? TREND_OBJECTIVE.joined(head, tail) : head,
    questions: questions.filter((_, place) => place % every === 0),
  }
}

async function fitShelf(
  { start, grid, fit }: ShelfFamily,
  { fitted, head, questions, catalogue, by }: Tuning & Pick<ShelfData, 'catalogue'> & { by: ShelfMeasure },
  options: { k: number; signal?: AbortSignal },
): Promise<{ rank: ShelfRanker; settings: Settings; trials: number }> {
  const rankers = fit({ log: head, catalogue })
  const { settings, trials } = await descend<Settings>(
    start,
    grid,
    async (trial) => shelfRatesOf(await measureShelf(rankers(trial), questions, options))[by],
    { fewestTrials: FEWEST_TRIALS },
  )
  return { rank: fit({ log: fitted, catalogue })(settings), settings, trials }
}

/** Whole shoppers are drawn: their questions stand together. */
function differenceOf(
  ours: Float64Array,
  theirs: Float64Array,
  questions: readonly ShelfQuestion[],
): Difference {
  const order = [...questions.keys()].toSorted(
    (a, b) => questions[a]!.shopper - questions[b]!.shopper || a - b,
  )
  return pairedBootstrap(
    Float64Array.from(order, (q) => ours[q]! - theirs[q]!),
    Uint32Array.from(order, (q) => questions[q]!.shopper),
  )
}
