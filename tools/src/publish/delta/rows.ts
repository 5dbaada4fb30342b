/** The delta of two tables of items: every row follows its item, wherever it stands now. */
import { StepWriter } from './steps.ts'

/** Tables with a row an item, one behind the other. */
export interface TableLayout {
  /** Bytes before the first table. */
  header: number
  /** Bytes of a row of each table. */
  widths: readonly number[]
}

/** For each row of the new table the row of the old one, or −1 for an item that was added. */
export function followRows(fromIds: readonly string[], toIds: readonly string[]): Int32Array {
  const places = new Map(fromIds.map((id, place) => [id, place]))
  return Int32Array.from(toIds, (id) => places.get(id) ?? -1)
}

/** Returns the delta; rows of items that are gone are skipped, those of items that came are inserted. */
export function rowDelta(
  from: Uint8Array,
  to: Uint8Array,
  { header, widths }: TableLayout,
  { oldRows, oldCount }: { oldRows: Int32Array; oldCount: number },
): Uint8Array<ArrayBuffer> {
  const steps = new StepWriter(from, to)
  steps.keep(0, header)
  let table = header
  for (const width of widths) {
    for (let row = 0; row < oldRows.length;) {
      const first = oldRows[row]!
      let end = row + 1
      if (first < 0) {
        while (end < oldRows.length && oldRows[end]! < 0) end++
        steps.insert((end - row) * width)
      } else {
        while (end < oldRows.length && oldRows[end] === first + end - row) end++
        steps.keep(table + first * width, (end - row) * width)
      }
      row = end
    }
    table += oldCount * width
  }
  return steps.finish()
}
