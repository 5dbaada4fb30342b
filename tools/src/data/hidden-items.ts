/** Which items a training does as if it had never seen: to measure how well new items are served. */
import { createHash } from 'node:crypto'

/** Returns whether an item is among the `share` (0 to 1) that is hidden; the same for every run. */
export function hiddenItems(share: number): (id: string) => boolean {
  return (id) => createHash('sha256').update(id).digest().readUInt32LE() < share * 2 ** 32
}
