/** Sessions in memory, from an events file or a file of one session a line, and their split by time. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MAX_ID_LENGTH, VitrineError } from '@vitrine/contracts'
import { type Sessions, sessionCount } from '../train/sessions.ts'
import type { ShopEvent } from './clean-row.ts'
import { EVENTS_FILE, readEvents } from './events-file.ts'
import { readLines } from './lines.ts'
import { type OpenInputOptions, openInput } from './open-input.ts'

/** S sessions over N items. */
export interface SessionLog {
  /** `[N]`, by first occurrence. */
  ids: readonly string[]
  /** Indices into `ids`; sessions in order of their end, or of the file. */
  sessions: Sessions
  /** `[S]`, Unix ms of each session's first and last event; missing for a file without times. */
  times?: { started: Float64Array; ended: Float64Array }
}

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

/**
 * Reads the sessions of an events file. Impressions are left out, they are the shop's doing; of neighbouring
 * events on one item in one session with different types (a view, then the cart) only the first counts, while
 * repeated events of one type all count.
 */
export async function readEventSessions(path: string, options: OpenInputOptions = {}): Promise<SessionLog> {
  const index = new IdIndex()
  const numbers = new Map<string, number>()
  const lists: number[][] = []
  const started: number[] = []
  const ended: number[] = []
  const lastTypes: string[] = []
  for await (const events of readEvents(path, options)) {
    for (const event of events) {
      if (event.type === 'impression') continue
      let s = numbers.get(event.session)
      if (s === undefined) {
        numbers.set(event.session, (s = lists.push([]) - 1))
        started.push(event.at)
      }
      append(lists[s]!, index.of(event.item), event, lastTypes[s])
      lastTypes[s] = event.type
      ended[s] = event.at
    }
  }
  const order = lists.map((_, s) => s).toSorted((a, b) => ended[a]! - ended[b]!)
  return {
    ids: index.ids,
    sessions: compress(order.map((s) => lists[s]!)),
    times: {
      started: Float64Array.from(order, (s) => started[s]!),
      ended: Float64Array.from(order, (s) => ended[s]!),
    },
  }
}

function append(list: number[], item: number, { type }: ShopEvent, lastType: string | undefined): void {
  if (list.at(-1) !== item || lastType === type) list.push(item)
}

/**
 * Reads one session a line, ids separated by spaces; blank lines are skipped.
 *
 * @throws `VitrineError('INPUT_UNREADABLE')` at an id of more than 128 characters; what `openInput` throws.
 */
export async function readSessionsFile(path: string, options: OpenInputOptions = {}): Promise<SessionLog> {
  const index = new IdIndex()
  const lists: number[][] = []
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
      if (ids.length > 0) lists.push(ids.map((id) => index.of(id)))
    }
  }
  return { ids: index.ids, sessions: compress(lists) }
}

/** The log without the events of the items that `isHidden` names; sessions that are left empty stay, as empty. */
export function withoutItems(log: SessionLog, isHidden: (id: string) => boolean): SessionLog {
  const { ids, sessions } = log
  const hidden = ids.map(isHidden)
  const lists = Array.from({ length: sessionCount(sessions) }, (_, s) =>
    sessions.items.subarray(sessions.offsets[s], sessions.offsets[s + 1]).filter((item) => !hidden[item]),
  )
  return { ...log, sessions: compress(lists) }
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
  const all = Array.from({ length: count }, (_, s) => s)
  return { train: pick(log, all.slice(0, kept)), test: pick(log, all.slice(kept)), straddling: 0 }
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

function pick(
  { ids, sessions: { offsets, items }, times }: SessionLog,
  chosen: readonly number[],
): SessionLog {
  const lists = chosen.map((s) => items.subarray(offsets[s], offsets[s + 1]))
  const sessions = compress(lists)
  if (!times) return { ids, sessions }
  const at = (all: Float64Array): Float64Array => Float64Array.from(chosen, (s) => all[s]!)
  return { ids, sessions, times: { started: at(times.started), ended: at(times.ended) } }
}

function compress(lists: readonly ArrayLike<number>[]): Sessions {
  const offsets = new Uint32Array(lists.length + 1)
  for (const [s, list] of lists.entries()) offsets[s + 1] = offsets[s]! + list.length
  const items = new Uint32Array(offsets[lists.length]!)
  for (const [s, list] of lists.entries()) items.set(list, offsets[s])
  return { offsets, items }
}

class IdIndex {
  readonly ids: string[] = []
  readonly #places = new Map<string, number>()

  of(id: string): number {
    let place = this.#places.get(id)
    if (place === undefined) this.#places.set(id, (place = this.ids.push(id) - 1))
    return place
  }
}
