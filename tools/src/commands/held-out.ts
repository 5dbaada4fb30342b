/** Finds the sessions that a model may be asked about: those it has not seen. */
import { VitrineError } from '@vitrine/contracts'
import {
  type SessionLog,
  eventsPath,
  readEventSessions,
  readSessionsFile,
  splitAt,
  withoutItems,
} from '../data/session-log.ts'
import { hiddenItems } from '../data/hidden-items.ts'
import { readHiddenShare, readTrainedThrough } from '../data/training-record.ts'
import type { CommandContext } from './context.ts'

/** Where test and training sessions come from. */
export interface HeldOutOptions {
  model: string
  events?: string
  sessions?: string
  trainSessions?: string
}

/**
 * Reads test sessions, and training sessions where they are known: with `--events`, what started after the
 * model's training ended and what ended before; with `--sessions`, the file as it is.
 *
 * @throws `VitrineError('NOTHING_HELD_OUT')` when the model has seen all events, or nothing tells what it has
 * seen.
 */
export async function readHeldOut(
  { model, events, sessions, trainSessions }: HeldOutOptions,
  { stdin, signal }: CommandContext,
): Promise<{ test: SessionLog; train?: SessionLog }> {
  const input = { stdin, signal }
  if (sessions !== undefined && events === undefined) {
    const test = await readSessionsFile(sessions, input)
    if (trainSessions === undefined) return { test }
    return { test, train: await asShown(model, await readSessionsFile(trainSessions, input)) }
  }
  if (events === undefined || sessions !== undefined) {
    throw new VitrineError('INVALID_OPTIONS', 'Say what to evaluate on: give either --events or --sessions.')
  }
  const through = await readTrainedThrough(model)
  if (through === undefined) {
    throw new VitrineError(
      'NOTHING_HELD_OUT',
      `${model} does not say which events it has seen (training.json is missing or without times): train with --events and --holdout 0.1, or give --sessions.`,
    )
  }
  const { test, train: all } = splitAt(await readEventSessions(await eventsPath(events), input), through)
  if (test.sessions.offsets.length <= 1) {
    throw new VitrineError(
      'NOTHING_HELD_OUT',
      `The model has seen every session of ${events} (through ${new Date(through).toISOString()}): train it by \`vitrine train --holdout 0.1\`, or give newer events.`,
    )
  }
  return { test, train: await asShown(model, all) }
}

/** The training sessions without the items that were hidden: what a model was not shown, its baselines are not either. */
async function asShown(model: string, train: SessionLog): Promise<SessionLog> {
  const share = await readHiddenShare(model)
  return share > 0 ? withoutItems(train, hiddenItems(share)) : train
}
