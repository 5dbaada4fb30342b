/** The larger model that a smaller one learns from: several wide rankers over the whole model's tables. */
import { COLUMNS, FEATURE_COUNT, type Reranker, foldNormalization, scoreRows } from '@vitrine/recommender'
import { collectLists, learnRanker } from '../train/learn-ranker.ts'
import type { LearningBasis } from '../train/learning-basis.ts'
import { RankSum, rankOf } from '../train/measure.ts'
import type { RankingCases } from '../train/ranking-cases.ts'
import type { Run } from '../train/run.ts'
import type { StageMetrics } from '../train/types.ts'

/** What a teacher says of the cases that the ranker learns from. */
export interface Teacher {
  /** Its own lists of those cases. */
  readonly lists: RankingCases
  /** `[rows of lists]` how likely it holds each candidate to come next; they add up to 1 in a case. */
  readonly likelihoods: Float32Array
  /** Its quality on the cases that were held out. */
  readonly stage: StageMetrics
}

const RANKERS = 3
const HIDDEN = 64
/** Share of what the pupil is to believe that comes from the teacher; the rest is what the shopper did. */
const TEACHER_SHARE = 0.5

/** Trains the teacher on the sessions. */
export async function createTeacher({ onHead, parts, seed }: LearningBasis, run: Run): Promise<Teacher> {
  const lists = await collectLists(onHead, parts, run.pause)
  const rankers: Reranker[] = []
  for (let at = 0; at < RANKERS; at++) {
    // Seeds of their own: rankers that err alike would teach nothing beyond one of them.
    const { reranker } = await learnRanker(lists, { seed: seed + 1 + at, hidden: HIDDEN }, run)
    rankers.push(foldNormalization(reranker, COLUMNS))
  }
  const heldOut = meanScores(rankers, lists.heldOut)
  return {
    lists: lists.learned,
    likelihoods: softmax(meanScores(rankers, lists.learned), lists.learned),
    stage: { name: `teacher: ${RANKERS} rankers of ${HIDDEN} units`, ...qualityOf(heldOut, lists.heldOut) },
  }
}

/**
 * Returns `[rows of pupil]` how much of its case each of the pupil's candidates is to have: half to what the shopper
 * did, half as the teacher has it; all as the teacher has it where what came next is no candidate of the pupil.
 */
export function sharesOf({ lists, likelihoods }: Teacher, pupil: RankingCases): Float32Array {
  const shares = new Float32Array(pupil.offsets.at(-1)!)
  for (let c = 0; c < pupil.targets.length; c++) {
    const known = new Map<number, number>()
    for (let row = lists.offsets[c]!; row < lists.offsets[c + 1]!; row++) {
      known.set(lists.items[row]!, likelihoods[row]!)
    }
    const [first, end] = [pupil.offsets[c]!, pupil.offsets[c + 1]!]
    let total = 0
    for (let row = first; row < end; row++) total += known.get(pupil.items[row]!) ?? 0
    const target = pupil.targets[c]!
    const share = total > 0 ? (target < 0 ? 1 : TEACHER_SHARE) : 0
    for (let row = first; row < end; row++) {
      if (share > 0) shares[row] = (share * (known.get(pupil.items[row]!) ?? 0)) / total
    }
    if (target >= 0) shares[first + target]! += 1 - share
  }
  return shares
}

function meanScores(rankers: readonly Reranker[], { features, offsets }: RankingCases): Float32Array {
  const mean = new Float32Array(offsets.at(-1)!)
  const scores = new Float32Array(mean.length)
  for (const ranker of rankers) {
    for (let c = 0; c + 1 < offsets.length; c++) {
      const [first, end] = [offsets[c]!, offsets[c + 1]!]
      scoreRows(ranker, features.subarray(first * FEATURE_COUNT), end - first, scores.subarray(first, end))
    }
    for (let row = 0; row < mean.length; row++) mean[row]! += scores[row]! / rankers.length
  }
  return mean
}

function softmax(scores: Float32Array, { offsets }: RankingCases): Float32Array {
  const likelihoods = new Float32Array(scores.length)
  for (let c = 0; c + 1 < offsets.length; c++) {
    const [first, end] = [offsets[c]!, offsets[c + 1]!]
    let largest = -Infinity
    for (let row = first; row < end; row++) largest = Math.max(largest, scores[row]!)
    let total = 0
    for (let row = first; row < end; row++) total += likelihoods[row] = Math.exp(scores[row]! - largest)
    for (let row = first; row < end; row++) likelihoods[row]! /= total
  }
  return likelihoods
}

function qualityOf(scores: Float32Array, { offsets, items, targets }: RankingCases): RankSum['quality'] {
  const sum = new RankSum()
  for (const [c, target] of targets.entries()) {
    const [first, end] = [offsets[c]!, offsets[c + 1]!]
    sum.add(rankOf(scores.subarray(first, end), items.subarray(first, end), end - first, target))
  }
  return sum.quality
}
