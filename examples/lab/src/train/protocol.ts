/** What page and training worker say to each other. */
import type { SessionRecipe } from '@vitrine/tools/training'

/** Where the arithmetic runs. */
export type Backend = 'webgpu' | 'wasm'

/** One training. */
export interface TrainRequest {
  file: File
  backend: Backend
  seed: number
  /** What is not as the data suggest. */
  changes: Partial<Pick<SessionRecipe, 'dimension' | 'epochs'>>
}

/** What a file turned out to hold, and how it is trained on. */
export interface Found {
  items: number
  sessions: number
  events: number
  recipe: SessionRecipe
}

/** Losses by epoch of the training on the head, and of the one on all sessions. */
export interface Losses {
  head: readonly number[]
  all: readonly number[]
}

export type TrainAnswer =
  | { kind: 'found'; found: Found }
  | { kind: 'progress'; part: keyof Losses; share: number; losses: readonly number[] }
  | { kind: 'done'; bytes: Uint8Array<ArrayBuffer>; losses: Losses }
  | { kind: 'failed'; message: string }
