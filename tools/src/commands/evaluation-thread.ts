/** The script of a thread of evaluation: it acts when it is loaded. */
import { parentPort, workerData } from 'node:worker_threads'
import type { SessionLog } from '../data/session-log.ts'
import { answerJobs } from '../evaluate/panel/answer-jobs.ts'
import { openSource } from './open-source.ts'

const { train } = workerData as { train?: SessionLog }
answerJobs(parentPort!, { openModel: openSource, train })
