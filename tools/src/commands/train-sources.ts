/** What `vitrine train` reads: sessions, pairs, the catalogue, an encoder of another training. */
import { type CatalogueItem, VitrineError } from '@vitrine/contracts'
import type { PairLog } from '../data/pairs-file.ts'
import type { SessionLog } from '../data/session-log.ts'
import type { TrainedEncoders } from '../train/encoder-weights.ts'
import type { Sessions } from '../train/index.ts'
import type { CommandContext } from './context.ts'
import type { Progress } from './progress.ts'

/** Where it lies. */
export interface TrainSources {
  events?: string
  sessions?: string
  pairs?: string
  catalogue?: string
  from?: string
  encoderWeights?: string
}

/** Reads the sessions; none where only pairs are given. @throws `VitrineError('INVALID_OPTIONS')` when there is not one source. */
export async function readLog(
  { events, sessions, pairs }: TrainSources,
  { stdin, signal }: CommandContext,
  progress: Progress,
): Promise<SessionLog> {
  const { NO_SESSIONS, eventsPath, readEventSessions, readSessionsFile } =
    await import('../data/session-log.ts')
  progress.update({ stage: 'reading', share: 0 })
  if (events !== undefined && sessions === undefined) {
    return readEventSessions(await eventsPath(events), { stdin, signal })
  }
  if (sessions !== undefined && events === undefined) return readSessionsFile(sessions, { stdin, signal })
  if (pairs !== undefined && events === undefined) return NO_SESSIONS
  throw new VitrineError(
    'INVALID_OPTIONS',
    'Say what to train on: give either --events or --sessions, or --pairs alone.',
  )
}

/** Reads the pairs that a warehouse counted. */
export async function readPairs(
  { pairs }: TrainSources,
  { stdin, signal }: CommandContext,
): Promise<PairLog | undefined> {
  const { readPairsFile } = await import('../data/pairs-file.ts')
  return pairs === undefined ? undefined : readPairsFile(pairs, { stdin, signal })
}

/** Reads the encoders that were trained elsewhere. @throws `VitrineError('INVALID_OPTIONS')` beside a revision to go on from. */
export async function readEncoders(
  { encoderWeights, from }: TrainSources,
  sessions: Sessions,
  catalogue: readonly CatalogueItem[],
  signal: AbortSignal,
): Promise<TrainedEncoders | undefined> {
  if (encoderWeights === undefined) return undefined
  if (from !== undefined) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      'A revision to go on from has an encoder already: give either --from or --encoder-weights.',
    )
  }
  const { readEncoderWeights } = await import('../data/read-encoder-weights.ts')
  const ids = catalogue.map(({ id }) => id)
  return readEncoderWeights(encoderWeights, sessions, ids, signal)
}

/** Reads what the catalogue says of items. */
export async function readDetails(
  { events, catalogue }: TrainSources,
  signal: AbortSignal,
): Promise<readonly CatalogueItem[]> {
  const { readCatalogue, catalogueBeside } = await import('../data/catalogue.ts')
  const path = catalogue ?? (events === undefined ? undefined : await catalogueBeside(events))
  return path === undefined ? [] : readCatalogue(path, { signal })
}

/** Numbers of the shoppers, by first session; −1 for one without a name. */
export function numbersOf(users: readonly string[]): Int32Array {
  const numbers = new Map<string, number>()
  for (const user of users) if (user !== '' && !numbers.has(user)) numbers.set(user, numbers.size)
  return Int32Array.from(users, (user) => numbers.get(user) ?? -1)
}
