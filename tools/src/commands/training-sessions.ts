/** Finds the sessions that a revision was trained on, in the data that it came from. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VitrineError } from '@vitrine/contracts'
import { memberOf } from '../data/columns.ts'
import { hiddenItems } from '../data/hidden-items.ts'
import {
  type SessionLog,
  eventsPath,
  holdOut,
  readEventSessions,
  readSessionsFile,
  splitAt,
  withoutItems,
} from '../data/session-log.ts'
import { TRAINING_FILE, readHiddenShare, readTrainedThrough } from '../data/training-record.ts'
import type { CommandContext } from './context.ts'

/** Where they come from. */
export interface TrainingSessionsOptions {
  events?: string
  sessions?: string
}

/**
 * Reads the sessions that the revision in `folder` was trained on, without what was held out or hidden then; undefined
 * where no data is named.
 *
 * @throws `VitrineError('INVALID_OPTIONS')` when both kinds of data are named.
 */
export async function readTrainingSessions(
  folder: string,
  { events, sessions }: TrainingSessionsOptions,
  { stdin, signal }: CommandContext,
): Promise<SessionLog | undefined> {
  if (events === undefined && sessions === undefined) return undefined
  if (events !== undefined && sessions !== undefined) {
    throw new VitrineError('INVALID_OPTIONS', 'Name the data once: give either --events or --sessions.')
  }
  const log = await readTrained(folder, { events, sessions }, { stdin, signal })
  const share = await readHiddenShare(folder)
  return share > 0 ? withoutItems(log, hiddenItems(share)) : log
}

async function readTrained(
  folder: string,
  { events, sessions }: { events: string | undefined; sessions: string | undefined },
  input: Pick<CommandContext, 'stdin' | 'signal'>,
): Promise<SessionLog> {
  if (events !== undefined) {
    const log = await readEventSessions(await eventsPath(events), input)
    const through = await readTrainedThrough(folder)
    return through === undefined ? log : splitAt(log, through).train
  }
  const log = await readSessionsFile(sessions!, input)
  const record: unknown = JSON.parse(await readFile(join(folder, TRAINING_FILE), 'utf8').catch(() => 'null'))
  const share = memberOf(record, 'holdout')
  return typeof share === 'number' && share > 0 ? holdOut(log, share).train : log
}
