/** Sorts any number of events by time in bounded memory: sorted runs on disk, merged as they are read. */
import { join } from 'node:path'
import type { ShopEvent } from './clean-row.ts'
import { readEvents, writeEvents } from './events-file.ts'

/** Events held in memory at once: about 100 MB. */
const RUN_EVENTS = 500_000

/** Where runs go, and how long they are. */
export interface SortOptions {
  /** A folder of the caller's, who removes it. */
  directory: string
  runEvents?: number
  signal?: AbortSignal
}

/**
 * Yields `events` by rising `at`; events of one time keep their order. One run's worth of events never
 * touches the disk.
 */
export async function* sortByTime(
  events: AsyncIterable<ShopEvent[]>,
  { directory, runEvents = RUN_EVENTS, signal }: SortOptions,
): AsyncGenerator<ShopEvent> {
  const runs: string[] = []
  let run: ShopEvent[] = []
  for await (const batch of events) {
    for (const event of batch) run.push(event)
    if (run.length < runEvents) continue
    const path = join(directory, `run-${runs.length}.ndjson.gz`)
    await writeEvents(path, run.toSorted(byTime), { level: 1, ...(signal && { signal }) })
    runs.push(path)
    run = []
  }
  run = run.toSorted(byTime)
  if (runs.length === 0) {
    yield* run
    return
  }
  yield* merge([...runs.map((path) => readEvents(path, signal ? { signal } : {})), single(run)])
}

function byTime(a: ShopEvent, b: ShopEvent): number {
  return a.at - b.at
}

async function* single(batch: ShopEvent[]): AsyncGenerator<ShopEvent[]> {
  if (batch.length > 0) yield batch
}

interface Head {
  rows: AsyncGenerator<ShopEvent[]>
  batch: ShopEvent[]
  next: number
}

/** Merges sorted runs. Earlier runs win ties, which keeps the sort stable. */
async function* merge(runs: AsyncGenerator<ShopEvent[]>[]): AsyncGenerator<ShopEvent> {
  const heads: Head[] = runs.map((rows) => ({ rows, batch: [], next: 0 }))
  let open = heads
  for (;;) {
    for (const head of open) if (head.next === head.batch.length) await refill(head)
    open = open.filter(({ batch }) => batch.length > 0)
    let first: Head | undefined
    for (const head of open) {
      if (!first || timeOf(head) < timeOf(first)) first = head
    }
    if (!first) return
    const event = first.batch[first.next]
    first.next += 1
    if (event) yield event
  }
}

async function refill(head: Head): Promise<void> {
  head.next = 0
  do {
    const next = await head.rows.next()
    head.batch = next.done ? [] : next.value
    if (next.done) return
  } while (head.batch.length === 0)
}

function timeOf({ batch, next }: Head): number {
  return batch[next]?.at ?? Number.POSITIVE_INFINITY
}
