/** Lists for the ranker to learn from: the candidates of each case with their features, as a device has them. */
import {
  type CandidateSettings,
  type Evidence,
  FEATURE_COUNT,
  Workspace,
  createBuiltInEngine,
  createScan,
  describeCandidates,
} from '@vitrine/recommender'
import { LIST_LENGTH } from './measure.ts'
import { type ContextOfSession, type SessionContext, shopperAfter } from './session-contexts.ts'
import { type Cases, type Sessions, historyOf, targetOf } from './sessions.ts'

/** Case c's candidates are rows `offsets[c]` to `offsets[c + 1] - 1`. */
export interface RankingCases {
  readonly offsets: Uint32Array
  /** `[rows, FEATURE_COUNT]` row-major. */
  readonly features: Float32Array
  /** `[rows]`. */
  readonly items: Uint32Array
  /** `[cases]` row of the target within its case, −1 where it is no candidate. */
  readonly targets: Int32Array
}

/** Returns the lists of cases `from` to `to - 1`, as views where possible. */
export function sliceLists(
  { offsets, features, items, targets }: RankingCases,
  from: number,
  to: number,
): RankingCases {
  const first = offsets[from]!
  const end = offsets[to]!
  return {
    offsets: offsets.slice(from, to + 1).map((offset: number): number => offset - first),
    features: features.subarray(first * FEATURE_COUNT, end * FEATURE_COUNT),
    items: items.subarray(first, end),
    targets: targets.subarray(from, to),
  }
}

/** What is known of the shoppers of some cases. */
export interface KnownShoppers {
  /** `[N]`, by which their events name items. */
  readonly ids: readonly string[]
  /** Those that the cases are of. */
  readonly sessions: Sessions
  /** By the cases' `owners`. */
  readonly contexts: ContextOfSession
}

/** Gathers candidates and features of `cases` from `evidence`, which must not have seen them. */
export async function collectRankingCases(
  evidence: Evidence,
  cases: Cases,
  settings: CandidateSettings,
  pause: () => Promise<void>,
  known?: KnownShoppers,
): Promise<RankingCases> {
  const { count: itemCount, dimension } = evidence.embeddings
  const work = new Workspace(itemCount, dimension)
  const scan = await createScan(evidence)
  const engine = createBuiltInEngine(evidence)
  const source = { ...evidence, search: scan.search.bind(scan), encode: engine.encode.bind(engine) }
  const caseCount = cases.targets.length
  const offsets = new Uint32Array(caseCount + 1)
  const targets = new Int32Array(caseCount)
  let features = new Float32Array(caseCount * 100 * FEATURE_COUNT)
  let items = new Uint32Array(caseCount * 100)
  let session = -1
  let context: SessionContext | undefined
  try {
    for (let c = 0; c < caseCount; c++) {
      const history = historyOf(cases, c)
      if (cases.owners[c] !== session) {
        session = cases.owners[c]!
        context = known?.contexts(session)
      }
      const shopper = known && context && shopperAfter(context, prefixOf(known, session, cases.targets[c]!))
      await describeCandidates(source, settings, history, LIST_LENGTH, undefined, work, shopper)
      const start = offsets[c]!
      const end = start + work.count
      if (end > items.length) {
        const size = Math.ceil(1.5 * end)
        features = grown(features, new Float32Array(size * FEATURE_COUNT))
        items = grown(items, new Uint32Array(size))
      }
      features.set(work.features.subarray(0, work.count * FEATURE_COUNT), start * FEATURE_COUNT)
      items.set(work.items.subarray(0, work.count), start)
      offsets[c + 1] = end
      targets[c] = work.find(targetOf(cases, c))
      if (c % 1000 === 0) await pause()
    }
  } finally {
    scan.dispose()
  }
  const rows = offsets[caseCount]!
  return {
    offsets,
    features: features.subarray(0, rows * FEATURE_COUNT),
    items: items.subarray(0, rows),
    targets,
  }
}

/** All of a session before place `end`, however much of it a device reads. */
function prefixOf(
  { ids, sessions: { offsets, items } }: KnownShoppers,
  session: number,
  end: number,
): string[] {
  return Array.from(items.subarray(offsets[session], end), (item) => ids[item]!)
}

function grown<T extends Float32Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}
