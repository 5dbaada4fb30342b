/** `bench scale`: memory and time of import, counting and training, from a hundred thousand to ten million events. */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { ROOT } from '../../../scripts/run-command.js'
import { thisMachine } from '../measure/machine.ts'
import { fitLaw } from './law.ts'
import { type ScaleReport, type ScaleRow, scaleMarkdown, scalePlot } from './report.ts'
import { writeShopLog } from './shop-log.ts'

const SIZES = [1e5, 1e6, 1e7]
const QUICK_SIZES = [1e4, 1e5]
/** Sessions that settings, embeddings and ranker learn from where the pairs come from a count. */
const SAMPLED_SESSIONS = 5000
/** Training on all events at once is measured up to here. */
const MOST_AT_ONCE = 1e6
/** For tuning; training's size follows from it, too. */
const BUDGET = '1m'

/** Each command in a process of its own, one after the other; those that are wanted, all where it is not said. */
export async function run(
  { quick, sizes, signal, say }: BenchmarkOptions,
  isWanted: (step: string) => boolean = () => true,
): Promise<Outcome> {
  const machine = thisMachine()
  const law = await fitLaw()
  const rows: ScaleRow[] = []
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-scale-'))
  const at = (name: string): string => join(folder, name)
  try {
    for (const events of sizes ?? (quick ? QUICK_SIZES : SIZES)) {
      say(`${events.toLocaleString('en')} events: writing the log`)
      const each = Math.max(1, Math.floor(events / law.length / SAMPLED_SESSIONS))
      const log = { csv: at('log.csv'), sample: at('sample.txt'), each, signal }
      const { items, sessions } = await writeShopLog(law, events, log)
      const pairs = at(`pairs-${events}.csv.gz`)
      const columns = 'session=session,item=item,time=time'
      const commands: Record<string, string[]> = {
        import: ['import', log.csv, '--columns', columns, '--out', at('shop'), '--force'],
        pairs: ['pairs', '--events', at('shop'), '--out', pairs],
        'train --pairs': ['train', '--pairs', pairs, '--sessions', log.sample, '--budget', BUDGET],
        ...(events <= MOST_AT_ONCE && {
          'train --events': ['train', '--events', at('shop'), '--budget', BUDGET],
        }),
      }
      for (const [step, args] of Object.entries(commands)) {
        if (!isWanted(step)) continue
        say(`${events.toLocaleString('en')} events: ${step}`)
        const out = args.includes('--out') ? [] : ['--out', at('model'), '--force', '--fresh']
        rows.push({ events, items, sessions, step, ...(await measure([...args, ...out], signal)) })
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const report: ScaleReport = { measured: new Date().toISOString(), machine, law, budget: BUDGET, rows }
  return { report, lines: rows, markdown: scaleMarkdown(report), plot: scalePlot(report) }
}

/** Runs a command to its end. @throws `Error` with what it said when it fails. */
function measure(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ seconds: number; megabytes: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    // As a merchant runs it: without what the test runner has its own processes resolve packages by.
    const options = { silent: true, execArgv: [], signal }
    const child = fork(join(ROOT, 'tests', 'perf', 'scale', 'measured.js'), args, options)
    let said = ''
    let peak = 0
    child.stdout?.resume()
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
    child.on('message', (message: { peak: number }) => ({ peak } = message))
    child.once('error', reject)
    child.once('close', (code) => {
      const seconds = (performance.now() - started) / 1000
      if (code === 0 && peak > 0) resolve({ seconds, megabytes: peak / 1e6 })
      else reject(new Error(`vitrine ${args.join(' ')} ended with ${code}:\n${said}`))
    })
  })
}
