/** What a model has seen, as a file beside its manifest: evaluation must know it, devices need not. */
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { memberOf } from './columns.ts'

/** Name of the file in a revision folder. */
export const TRAINING_FILE = 'training.json'

/** How a revision was trained. */
export interface TrainingRecord {
  sessions: number
  events: number
  items: number
  /** Share of the sessions that was kept unseen, 0 to 1. */
  holdout: number
  /** ISO 8601: newest event of the training data; missing where the input has no times. */
  trainedThrough?: string
  seed: number
  budgetMs?: number
  /** Share of the items whose events were left out. */
  hidden?: number
  /** Share of the log popularity that was taken off every score. */
  longTail?: number
  /** The graph's settings, by name: what a later training goes on with. */
  graph?: Readonly<Record<string, number>>
}

/** Writes the record into a revision folder. */
export async function writeTrainingRecord(folder: string, record: TrainingRecord): Promise<void> {
  await writeFile(join(folder, TRAINING_FILE), JSON.stringify(record, null, 2) + '\n')
}

/** Copies the record of the revision in `from`, where it has one, to `to`. */
export async function copyTrainingRecord(from: string, to: string): Promise<void> {
  try {
    await copyFile(join(from, TRAINING_FILE), join(to, TRAINING_FILE))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** Returns the share of the items whose events the revision in `folder` has not seen. */
export async function readHiddenShare(folder: string): Promise<number> {
  const share = memberOf(JSON.parse(await readRecord(folder)), 'hidden')
  return typeof share === 'number' ? share : 0
}

function readRecord(folder: string): Promise<string> {
  return readFile(join(folder, TRAINING_FILE), 'utf8').catch(() => 'null')
}

/** Returns the moment up to which the revision in `folder` has seen events (Unix ms), or `undefined` where nothing tells. */
export async function readTrainedThrough(folder: string): Promise<number | undefined> {
  const through = memberOf(JSON.parse(await readRecord(folder)), 'trainedThrough')
  const at = typeof through === 'string' ? Date.parse(through) : Number.NaN
  return Number.isFinite(at) ? at : undefined
}
