/** Progress on standard error: a bar on a terminal, a line now and then elsewhere. */
import { SingleBar } from 'cli-progress'
import type { CommandContext } from './context.ts'
import { duration, printable } from './text.ts'

/** Where a command stands. */
export interface Step {
  stage: string
  /** Work done in all, 0 to 1; missing where the end is not known. */
  share?: number
  note?: string
}

/** Shows steps until it is stopped. */
export interface Progress {
  update(step: Step): void
  /** Takes the bar away and gives the cursor back. */
  stop(): void
}

const BAR_STEPS = 1000
const LINE_EVERY_MS = 10_000
const MAX_NOTE = 60

/** Starts showing the progress of `title`, e.g. `train`. */
export function showProgress(context: CommandContext, title: string): Progress {
  return context.stderr.isTTY ? showBar(context, title) : showLines(context, title)
}

function showBar({ stderr, now }: CommandContext, title: string): Progress {
  const started = now()
  const bar = new SingleBar({
    stream: stderr,
    format: `${title} {bar} {percentage}%{left} {stage}{note}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    clearOnComplete: true,
    hideCursor: true,
    // The command line itself ends on Ctrl-C, and stops the bar.
    gracefulExit: false,
  })
  bar.start(BAR_STEPS, 0, { left: '', stage: '', note: '' })
  return {
    update: (step) => bar.update(Math.round((step.share ?? 0) * BAR_STEPS), words(step, now() - started)),
    stop: () => bar.stop(),
  }
}

function showLines({ stderr, now }: CommandContext, title: string): Progress {
  const started = now()
  let stage = ''
  let written = started
  return {
    update: (step) => {
      if (step.stage === stage && now() - written < LINE_EVERY_MS) return
      stage = step.stage
      written = now()
      const percent = step.share === undefined ? '' : ` ${Math.round(step.share * 100)}%`
      const { left, note } = words(step, now() - started)
      stderr.write(`${title}:${percent}${left} ${printable(stage)}${note}\n`)
    },
    stop: () => undefined,
  }
}

function words(
  { stage, share, note }: Step,
  elapsedMs: number,
): { left: string; stage: string; note: string } {
  const known = share !== undefined && share > 0.01 && share < 1
  return {
    left: known ? `, about ${duration((elapsedMs / share) * (1 - share))} left` : '',
    stage: printable(stage),
    note: note ? `: ${printable(note).slice(0, MAX_NOTE)}` : '',
  }
}
