/** Writes a model's list for every case as NDJSON, so that anyone can score it with their own code. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Model, rankNext } from '@vitrine/recommender'
import { type SessionLog, sessionIds } from '../data/session-log.ts'
import { sessionCount } from '../train/sessions.ts'
import { questionsOf, countCases } from './cases.ts'

/** What to write. */
export interface ListOptions {
  k: number
  minPrefix: number
  onProgress?: (share: number) => void
  signal?: AbortSignal
}

const LINES_A_WRITE = 200

/**
 * Writes one line a case, in order of the sessions and of the prefix's length, and returns their number. A
 * file appears under its name only when it is whole.
 */
export async function writeListsOf(
  model: Model,
  log: SessionLog,
  out: string | Writable,
  { k, minPrefix, onProgress, signal }: ListOptions,
): Promise<number> {
  const sessions = Array.from({ length: sessionCount(log.sessions) }, (_, s) => sessionIds(log, s))
  const count = countCases(sessions, minPrefix)
  let written = 0
  async function* lines(): AsyncGenerator<string> {
    let text = ''
    for (const { session, prefix, target } of questionsOf(sessions, minPrefix)) {
      const items = await rankNext(model, prefix, k)
      text += `${JSON.stringify({ session, prefix: prefix.length, target, items })}\n`
      written += 1
      if (written % LINES_A_WRITE > 0) continue
      yield text
      text = ''
      await new Promise((done) => setImmediate(done))
      signal?.throwIfAborted()
      onProgress?.(written / count)
    }
    if (text !== '') yield text
  }
  const source = Readable.from(lines())
  if (typeof out !== 'string') {
    await pipeline(source, out, { end: false })
    return written
  }
  const partial = `${out}.partial`
  try {
    await pipeline(source, createWriteStream(partial))
    await rename(partial, out)
  } finally {
    await rm(partial, { force: true })
  }
  return written
}
