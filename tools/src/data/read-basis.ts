/** Reads a revision folder together with the sessions that it was trained on, as what more can be learned from. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VitrineError } from '@vitrine/contracts'
import { type LearningBasis, createBasis } from '../train/learning-basis.ts'
import { readHead } from '../train/revision-folder.ts'
import { sessionCount } from '../train/sessions.ts'
import { memberOf } from './columns.ts'
import { readEarlier } from './read-earlier.ts'
import type { SessionLog } from './session-log.ts'
import { buildCatalogue } from './training-catalogue.ts'
import { TRAINING_FILE } from './training-record.ts'

/**
 * Puts together what the ranker in `folder` learned from.
 *
 * @param log The sessions of its training.
 * @throws `VitrineError('INVALID_OPTIONS')` when they are others; what `readHead` and `readEarlier` throw.
 */
export async function readBasis(
  folder: string,
  log: SessionLog,
  signal: AbortSignal,
): Promise<LearningBasis> {
  const head = await readHead(folder)
  const revision = await readEarlier(folder, signal)
  // Items without events keep their numbers, too.
  const details = revision.ids.map((id) => ({ id, title: id }))
  const { catalogue, sessions } = buildCatalogue(log, details, { first: revision.ids })
  const record: unknown = JSON.parse(await readFile(join(folder, TRAINING_FILE), 'utf8'))
  const [count, events] = [memberOf(record, 'sessions'), memberOf(record, 'events')]
  const isTheSame =
    count === sessionCount(sessions) &&
    events === sessions.items.length &&
    catalogue.length === revision.ids.length
  if (!isTheSame) {
    throw new VitrineError(
      'INVALID_OPTIONS',
      `${folder} was trained on ${String(count)} sessions with ${String(events)} events, these are ${sessionCount(sessions)} with ${sessions.items.length}: give the sessions of its training.`,
    )
  }
  const seed = memberOf(record, 'seed')
  const visits = { ids: revision.ids, sessions, users: log.users, times: log.times, types: log.types }
  return createBasis(revision, head, visits, typeof seed === 'number' ? seed : 1)
}
