/** What the ranker of a finished revision learned from, counted again: to learn another ranker, or a smaller model. */
import type { Evidence } from '@vitrine/recommender'
import { buildGraph } from './build-graph.ts'
import { countingOf } from './counting.ts'
import type { EarlierRevision } from './earlier-revision.ts'
import { type SessionParts, partsOf } from './learn-ranker.ts'
import { countPairs } from './pairs.ts'
import type { VisitLog } from './session-contexts.ts'
import type { Sessions } from './sessions.ts'
import type { HeadTables } from './types.ts'

/** A revision with the sessions that it was trained on. */
export interface LearningBasis {
  /** It and its evidence of all sessions, in float32. */
  readonly revision: EarlierRevision
  readonly sessions: Sessions
  /** Of its training. */
  readonly seed: number
  readonly parts: SessionParts
  /** The evidence of the head, embeddings rounded as a device has them. */
  readonly onHead: Evidence
}

/**
 * Counts the head again under the revision's settings.
 *
 * @param visits Those of its training, in its own numbers.
 */
export function createBasis(
  revision: EarlierRevision,
  head: HeadTables,
  visits: VisitLog,
  seed: number,
): LearningBasis {
  const { types } = visits
  const sessions = { ...visits.sessions, ...(types && { types }) }
  const { recipe, mostEdges, evidence } = revision
  const parts = partsOf(sessions, visits)
  const counting = countingOf(parts.head, revision.ids.length, undefined)
  return {
    revision,
    sessions,
    seed,
    parts,
    onHead: {
      ...head,
      graph: buildGraph(countPairs(counting.listPairs(), recipe), recipe, mostEdges),
      statistics: counting.countPopularity(evidence.statistics.prior),
      context: evidence.context,
    },
  }
}
