/** What an edge counts beside likeness on the shelf of similar items, chosen on the tail of the training sessions. */
import {
  DEFAULT_SHELVES,
  type Evidence,
  SIMILAR_CANDIDATES,
  type SimilarQuestion,
  type SimilarSettings,
  Workspace,
  anchorVector,
  chooseBest,
  createScan,
  scoreSimilar,
} from '@vitrine/recommender'
import { companionsOf } from './companions.ts'
import { descend } from './coordinate-descent.ts'
import { LIST_LENGTH } from './measure.ts'
import { type Sessions, sessionCount, sliceSessions } from './sessions.ts'

/** Larger weights would leave likeness nothing to say, and won nothing where they were tried. */
const GRID = {
  graph: [0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5],
  popularity: [0, 0.01, 0.02, 0.05, 0.1],
}
/** Pairs of more sessions than these take memory and tell no more. */
const MOST_EVENTS = 200_000
const MOST_ANCHORS = 1000
/** Fewer say nothing. */
const FEWEST_ANCHORS = 50

/** Goes by how many of the items that belong to one, by the tail's sessions, stand on its shelf. */
export async function tuneSimilar(
  evidence: Evidence,
  tail: Sessions,
  pause: () => Promise<void>,
): Promise<SimilarSettings> {
  const known = [...companionsOf(newestOf(tail), LIST_LENGTH)].filter(
    ([anchor]) => evidence.embeddings.scales[anchor]! > 0,
  )
  const step = Math.max(1, Math.ceil(known.length / MOST_ANCHORS))
  const asked = known.filter((_, place) => place % step === 0)
  if (asked.length < FEWEST_ANCHORS) return DEFAULT_SHELVES.similar
  const scan = await createScan(evidence)
  try {
    const mask = new Uint8Array(evidence.embeddings.count)
    const questions: (SimilarQuestion & { wanted: ReadonlySet<number> })[] = []
    for (const [anchor, companions] of asked) {
      const vector = anchorVector(evidence, anchor)
      mask[anchor] = 1
      const { indices } = await scan.search({
        vector,
        k: LIST_LENGTH + SIMILAR_CANDIDATES,
        biasWeight: 0,
        mask,
      })
      mask[anchor] = 0
      questions.push({ anchor, vector, found: indices, wanted: new Set(companions) })
    }
    const work = new Workspace(evidence.embeddings.count, evidence.embeddings.dimension)
    const { settings } = await descend<SimilarSettings>(DEFAULT_SHELVES.similar, GRID, async (trial) => {
      await pause()
      let sum = 0
      for (const question of questions) {
        scoreSimilar(evidence, trial, question, work)
        const listed = chooseBest(work.scores, work.count, work.items, LIST_LENGTH, work.order)
        let found = 0
        for (const place of work.order.subarray(0, listed)) {
          if (question.wanted.has(work.items[place]!)) found += 1
        }
        sum += found / question.wanted.size
      }
      return sum / questions.length
    })
    return settings
  } finally {
    scan.dispose()
  }
}

function newestOf(sessions: Sessions): Sessions {
  const count = sessionCount(sessions)
  const from = sessions.items.length - MOST_EVENTS
  const first = sessions.offsets.findIndex((offset) => offset >= from)
  return sliceSessions(sessions, Math.min(first, count), count)
}
