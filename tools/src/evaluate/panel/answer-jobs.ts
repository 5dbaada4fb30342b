/** The thread's side: measures what it is told to, one job after the other. */
import { isVitrineError } from '@vitrine/contracts'
import type { Contexts, Measured } from '../measure-ranker.ts'
import { panelOfOne } from './one-thread.ts'
import type { RankerOrigins } from './open-rankers.ts'
import type { RankerSource } from './panel.ts'

/** What a thread is asked: cases of some sessions. */
export interface Job {
  source: RankerSource
  sessions: readonly (readonly string[])[]
  contexts?: Contexts | undefined
  k: number
  minPrefix: number
}

/** What it says then. */
export type Reply = { measured: Measured } | { failure: { code: string; message: string } }

/** The end of a line between threads, as far as it is used here. */
export interface JobPort {
  on(event: 'message', listener: (job: Job) => void): unknown
  postMessage(reply: Reply): void
}

/** Answers every job that comes over `port`. */
export function answerJobs(port: JobPort, origins: RankerOrigins): void {
  const panel = panelOfOne(origins)
  const replyTo = async ({ source, sessions, ...asked }: Job): Promise<Reply> => {
    try {
      return { measured: await panel.measure(source, sessions, asked) }
    } catch (error) {
      // A copy of an error keeps no code.
      const code = isVitrineError(error) ? error.code : 'INTERNAL'
      return { failure: { code, message: error instanceof Error ? error.message : String(error) } }
    }
  }
  port.on('message', (job) => {
    void replyTo(job).then((reply) => port.postMessage(reply))
  })
}
