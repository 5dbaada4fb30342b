/** Sessions in memory, from an events file or a file of one session a line, and their split by time. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MAX_ID_LENGTH, VitrineError } from '@vitrine/contracts'
import { sessionCount } from '../train/sessions.ts'
import { SessionEvents, SessionLines, type SessionLog } from './collect-sessions.ts'
import { EVENTS_FILE, readEvents } from './events-file.ts'
import { readLines } from './lines.ts'
import { type OpenInputOptions, openInput } from './open-input.ts'

export type { SessionLog }

/** A log without any session. */
export const NO_SESSIONS: SessionLog = {
  ids: [],
  sessions: { offsets: new Uint32Array(1), items: new Uint32Array() },
}

/** The items of session `s` as ids. */
export function sessionIds({ ids, sessions: { offsets, items } }: SessionLog, s: number): string[] {
  return Array.from(items.subarray(offsets[s], offsets[s + 1]), (item) => ids[item]!)
}

/** Path of the events file: `path` itself, or the one in the folder `path`. */
export async function eventsPath(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return isFolder ? join(path, EVENTS_FILE) : path
}

/** Reads the sessions of an events file. */
export async function readEventSessions(path: string, options: OpenInputOptions = {}): Promise<SessionLog> {
  const collected = new SessionEvents()
  for await (const events of readEvents(path, options)) for (const event of events) collected.add(event)
  return collected.log()
}

/**
 * Reads one session a line, ids separated by spaces; blank lines are skipped.
 *
 * @throws `VitrineError('INPUT_UNREADABLE')` at an id of more than 128 characters; what `openInput` throws.
 */
export async function readSessionsFile(path: string, options: OpenInputOptions = {}): Promise<SessionLog> {
  const collected = new SessionLines()
  let line = 0
  for await (const lines of readLines(await openInput(path, options))) {
    for (const text of lines) {
      line += 1
      const ids = text.split(/\s+/u).filter((id) => id !== '')
      if (ids.some((id) => id.length > MAX_ID_LENGTH)) {
        throw new VitrineError(
          'INPUT_UNREADABLE',
          `Line ${line} of ${path} has an id of more than ${MAX_ID_LENGTH} characters: write one session a line, ids separated by spaces.`,
        )
      }
      collected.add(ids)
    }
  }
  return collected.log()
}

/** The log without the events of the items that `isHidden` names; sessions that are left empty stay, as empty. */
export function withoutItems(log: SessionLog, isHidden: (id: string) => boolean): SessionLog {
  const { offsets, items } = log.sessions
  const hidden = log.ids.map(isHidden)
  const kept = new Uint32Array(offsets.length)
  for (let s = 0; s < offsets.length - 1; s++) {
    kept[s + 1] = kept[s]!
    for (let i = offsets[s]!; i < offsets[s + 1]!; i++) if (!hidden[items[i]!]) kept[s + 1]!++
  }
  const types = log.types?.filter((_, event) => !hidden[items[event]!])
  return {
    ...log,
    sessions: { offsets: kept, items: items.filter((item) => !hidden[item]) },
    ...(types && { types }),
  }
}

/** A log cut in two, with the moment of the cut. */
export interface SplitLog {
  train: SessionLog
  test: SessionLog
  /** Unix ms of the newest training event; missing for a log without times. */
  trainedThrough?: number
  /** Sessions on both sides of the cut, which are in neither part. */
  straddling: number
}

/** Holds out the last `fraction` of sessions. With times it is {@link splitAt} the last training session's end. */
export function holdOut(log: SessionLog, fraction: number): SplitLog {
  const count = sessionCount(log.sessions)
  const kept = Math.floor(count * (1 - fraction))
  if (kept < 1) {
    throw new VitrineError(
      'TOO_LITTLE_DATA',
      `Holding out ${fraction} of ${count} sessions leaves none to train on: hold out less or import more.`,
    )
  }
  if (log.times) return splitAt(log, log.times.ended[kept - 1]!)
  const all = Uint32Array.from({ length: count }, (_, s) => s)
  return { train: pick(log, all.subarray(0, kept)), test: pick(log, all.subarray(kept)), straddling: 0 }
}

/** Splits at a moment: training sessions ended by then, test sessions started after it. */
export function splitAt(log: SessionLog, trainedThrough: number): SplitLog {
  if (!log.times) {
    throw new VitrineError('INTERNAL', 'A log without times cannot be split at a moment: give --events.')
  }
  const { started, ended } = log.times
  const train: number[] = []
  const test: number[] = []
  for (let s = 0; s < ended.length; s++) {
    if (ended[s]! <= trainedThrough) train.push(s)
    else if (started[s]! > trainedThrough) test.push(s)
  }
  const straddling = ended.length - train.length - test.length
  return { train: pick(log, train), test: pick(log, test), trainedThrough, straddling }
}

/** The sessions `chosen` of the log, in that order. */
function pick(
  { ids, sessions: { offsets, items }, times, users, types }: SessionLog,
  chosen: readonly number[] | Uint32Array,
): SessionLog {
  const kept = new Uint32Array(chosen.length + 1)
  for (const [place, s] of chosen.entries()) {
    kept[place + 1] = kept[place]! + offsets[s + 1]! - offsets[s]!
  }
  const keptItems = new Uint32Array(kept[chosen.length]!)
  const keptTypes = types && new Uint8Array(keptItems.length)
  for (const [place, s] of chosen.entries()) {
    keptItems.set(items.subarray(offsets[s], offsets[s + 1]), kept[place])
    if (types) keptTypes?.set(types.subarray(offsets[s], offsets[s + 1]), kept[place])
  }
  const at = (all: Float64Array): Float64Array => Float64Array.from(chosen, (s) => all[s]!)
  return {
    ids,
    sessions: { offsets: kept, items: keptItems },
    ...(times && { times: { started: at(times.started), ended: at(times.ended) } }),
    ...(users && { users: Array.from(chosen, (s) => users[s]!) }),
    ...(keptTypes && { types: keptTypes }),
  }
}
