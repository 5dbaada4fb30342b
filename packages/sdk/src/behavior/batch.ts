/** What goes to the endpoint in one request. */
import type { BehaviorEvent } from '@vitrine/contracts'

/** Bytes of JSON in one batch, before gzip: so every body stays below a proxy's and a beacon's limit. */
const MAX_BATCH_BYTES = 50_000

/** Events of one device and epoch, ready to be sent. */
export interface PendingBatch {
  device: string
  epoch: string
  firstSeq: number
  events: BehaviorEvent[]
}

/** The longest head of `rows` that counts up without a gap and fits a body; at least one event. */
export function fitting(rows: readonly BehaviorEvent[]): BehaviorEvent[] {
  let bytes = 0
  const end = rows.findIndex((event, index) => {
    // UTF-8 takes at most three bytes for one UTF-16 unit; nearly all of it is ASCII, so count units.
    bytes += JSON.stringify(event).length + 1
    return event.seq !== rows[0]!.seq + index || (index > 0 && bytes > MAX_BATCH_BYTES)
  })
  return end === -1 ? [...rows] : rows.slice(0, end)
}
