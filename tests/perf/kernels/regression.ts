/** Whether a kernel became slower than a report says: compared are ratios of one run, because times are a machine's. */
import type { KernelRow } from './rows.ts'
import { LIMIT } from './compare.ts'

/** How many times slower a device is than in the report, by either yardstick. */
export interface Slowdown {
  device: string
  /** Beside reading the same bytes. A memory that others use slows both down. */
  byLimit: number
  /** Beside plain JavaScript. A processor that others use slows both down. */
  byJavaScript: number
  /** The lesser: a kernel that is slower is slower by both, a busy machine upsets one of them. */
  factor: number
}

const BASELINE = 'javascript'

/**
 * @param report - rows of one browser at one size, as committed
 * @param rows - the same, measured now
 * @param devices - what to compare; one that is missing now is infinitely slow
 */
export function slowdownsOf(
  report: readonly KernelRow[],
  rows: readonly KernelRow[],
  devices: readonly string[],
): Slowdown[] {
  return devices.map((device) => {
    const beside = (yardstick: string): number =>
      ratio(rows, device, yardstick) / ratio(report, device, yardstick)
    const byLimit = beside(LIMIT)
    const byJavaScript = beside(BASELINE)
    return { device, byLimit, byJavaScript, factor: Math.min(byLimit, byJavaScript) }
  })
}

function ratio(rows: readonly KernelRow[], device: string, yardstick: string): number {
  const msOf = (name: string): number => rows.find((row) => row.device === name)?.ms ?? Infinity
  return msOf(device) / msOf(yardstick)
}
