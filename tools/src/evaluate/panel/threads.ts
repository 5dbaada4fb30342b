/** A panel of several threads: cases are independent of each other, so each thread asks some of the sessions. */
import { type ErrorCode, VitrineError } from '@vitrine/contracts'
import { countCases } from '../cases.ts'
import type { Contexts, Measured } from '../measure-ranker.ts'
import type { Job, Reply } from './answer-jobs.ts'
import type { Panel } from './panel.ts'

/** A thread, or the end of a line to one. */
export interface Thread {
  on(event: 'message', listener: (reply: Reply) => void): unknown
  on(event: 'error', listener: (cause: Error) => void): unknown
  on(event: 'exit', listener: () => void): unknown
  off(event: 'message' | 'error' | 'exit', listener: unknown): unknown
  postMessage(job: Job): void
  /** Ends it, at once. */
  terminate(): Promise<unknown>
}

/** Few enough that no thread waits long for the last one, many enough that handing over costs nothing. */
const CASES_A_JOB = 400

/** Answers are those of one thread, whatever the number of `threads`, which end with the panel and with `signal`. */
export function panelOfThreads(threads: readonly Thread[], signal?: AbortSignal): Panel {
  const endAll = (): void => void Promise.all(threads.map((thread) => thread.terminate()))
  signal?.addEventListener('abort', endAll, { once: true })
  return {
    async measure(source, sessions, { k, minPrefix = 1, contexts, onProgress }) {
      const jobs = cut(sessions, minPrefix, contexts)
      const count = countCases(sessions, minPrefix)
      const found: Measured[] = []
      let next = 0
      let done = 0
      await Promise.all(
        threads.map(async (thread) => {
          while (next < jobs.length) {
            const place = next++
            const part = await ask(thread, { source, ...jobs[place]!, k, minPrefix }, signal)
            found[place] = part
            done += part.ranks.length
            onProgress?.(done / Math.max(1, count))
          }
        }),
      )
      return join(found, count)
    },
    async close() {
      signal?.removeEventListener('abort', endAll)
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}

function ask(thread: Thread, job: Job, signal?: AbortSignal): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      thread.off('message', onMessage)
      thread.off('error', onError)
      thread.off('exit', onExit)
      end()
    }
    const onMessage = (reply: Reply): void =>
      settle(() => {
        if ('measured' in reply) resolve(reply.measured)
        else reject(new VitrineError(reply.failure.code as ErrorCode, reply.failure.message))
      })
    const onError = (cause: Error): void => settle(() => reject(cause))
    const onExit = (): void =>
      settle(() =>
        reject((signal?.reason as Error | undefined) ?? new Error('A thread of evaluation ended.')),
      )
    thread.on('message', onMessage)
    thread.on('error', onError)
    thread.on('exit', onExit)
    if (signal?.aborted) onExit()
    else thread.postMessage(job)
  })
}

/** Runs of whole sessions with about {@link CASES_A_JOB} cases each. */
function cut(
  sessions: readonly (readonly string[])[],
  minPrefix: number,
  contexts: Contexts | undefined,
): Pick<Job, 'sessions' | 'contexts'>[] {
  const starts: number[] = []
  let cases = Infinity
  for (const [place, session] of sessions.entries()) {
    if (cases >= CASES_A_JOB) {
      starts.push(place)
      cases = 0
    }
    cases += Math.max(0, session.length - minPrefix)
  }
  return starts.map((start, job) => ({
    sessions: sessions.slice(start, starts[job + 1]),
    contexts: contexts?.slice(start, starts[job + 1]),
  }))
}

function join(parts: readonly Measured[], count: number): Measured {
  const ranks = new Uint16Array(count)
  const ms = new Float64Array(count)
  const exposures = new Map<string, number>()
  let from = 0
  for (const part of parts) {
    ranks.set(part.ranks, from)
    ms.set(part.ms, from)
    from += part.ranks.length
    for (const [id, times] of part.exposures) exposures.set(id, (exposures.get(id) ?? 0) + times)
  }
  return { ranks, exposures, ms }
}
