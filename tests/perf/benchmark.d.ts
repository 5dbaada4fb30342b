/** What every benchmark of `npm run bench` is given, and gives back. */
/** Given by the command line. */
export interface BenchmarkOptions {
  /** Less of everything, to see that it runs; the figures are not for reports. */
  quick: boolean
  signal: AbortSignal
  /** Shows a line of progress. */
  say(text: string): void
}
/** Given back. */
export interface Outcome {
  /** Written to `docs/benchmarks/<name>.json`. */
  report: object
  /** One line of JSON each, for `--json`. */
  lines: readonly object[]
  /** Written to `docs/benchmarks/<name>.md`, and shown without `--json`. */
  markdown: string
  /** Written to `docs/benchmarks/<name>.svg`. */
  plot?: string
}
