/** Timings as rows of the report: each beside the peers and the limit of the same run. */
import { type Task, type Timing, LIMIT } from './compare.ts'

/** One contestant in one browser at one size; ratios are null where there is nothing to divide by. */
export interface KernelRow {
  n: number
  d: number
  k: number
  /** Name and version. */
  browser: string
  device: string
  /** Median of one query. */
  ms: number
  ratio_to_fastest_ort: number | null
  ratio_to_tfjs_wasm: number | null
  ratio_to_limit: number | null
  /** Share of the exact top k that it finds; null for the limit. */
  overlap: number | null
  /** The GPU; null for those that run on none. */
  adapter: string | null
  /** That GPU is software: the row says that the results are right, its time nothing, and there are no ratios. */
  software: boolean
}

export function rowsOf(
  browser: string,
  { n, d, k }: Pick<Task, 'n' | 'd' | 'k'>,
  timings: readonly Timing[],
): KernelRow[] {
  const msOf = (starts: string): number =>
    Math.min(
      ...timings.filter(({ device, software }) => device.startsWith(starts) && !software).map(({ ms }) => ms),
    )
  const [onnxruntime, tfjs, limit] = [msOf('onnxruntime'), msOf('tfjs wasm'), msOf(LIMIT)]
  return timings.map(({ device, ms, overlap, adapter, software }) => {
    const ratio = (to: number): number | null => (software || !Number.isFinite(to) ? null : ms / to)
    return {
      n,
      d,
      k,
      browser,
      device,
      ms,
      ratio_to_fastest_ort: ratio(onnxruntime),
      ratio_to_tfjs_wasm: ratio(tfjs),
      ratio_to_limit: ratio(limit),
      overlap,
      adapter,
      software,
    }
  })
}
