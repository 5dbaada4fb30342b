/**
 * `pnpm run model`: builds what is committed under models/online-retail from the UCI order log, and the report
 * of how good it is. Judged is a model trained without the last tenth of the invoices; shipped is one trained
 * on all of them, by the same code and seed.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { step } from './progress.js'
import { readRevision } from './serving/model.js'
import { buildWorkspace } from './setup/workspace.js'
import { ROOT, mustRun } from './run-command.js'

const HELP = `Usage: pnpm run model [-- --data FILE]

  --data FILE   online_retail.csv.gz (default ../shared/data/uci-online-retail/online_retail.csv.gz)`

const MODEL = 'online-retail'
const ATTRIBUTION =
  'Built from "Online Retail" (D. Chen, S. L. Sain, K. Guo 2012), UCI Machine Learning Repository, ' +
  'doi 10.24432/C5BW33, licence CC BY 4.0; cleaned, titles tidied, categories derived from titles.'
/** What its shelves serve beside the next item. */
const OBJECTIVES = ['next-basket', 'bought-together', 'repeat-purchase', 'similar', 'trending', 'for-you']
/** Of the whole revision folder, model card included. */
const MOST_BYTES = 3_000_000
const REPORT = join(ROOT, 'docs', 'benchmarks', 'online-retail.json')

/** @param {readonly string[]} args @returns {Promise<string>} what `vitrine` printed */
function vitrine(...args) {
  return mustRun(process.execPath, [join(ROOT, 'tools', 'bin', 'vitrine.js'), ...args], { output: 'keep' })
}

/** @param {string} output of a command with `--json` @returns {any} its one line of JSON, progress lines left out */
function jsonOf(output) {
  const line = output.split('\n').findLast((each) => each.startsWith('{'))
  if (!line) throw new Error(`No JSON among:\n${output}`)
  return JSON.parse(line)
}

/** @param {string} folder @returns {number} bytes of the files in it */
function bytesIn(folder) {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

/** @param {string} data the order log @param {string} folder for what is in between @returns {Promise<void>} */
async function release(data, folder) {
  const [events, trial, whole] = ['events', 'trial', 'whole'].map((name) => join(folder, name))
  if (!events || !trial || !whole) throw new Error('unreachable')
  // As small as costs nothing: first visits wait for every byte.
  const small = ['--embedding-bits', 'auto', '--graph-edges', 'auto']
  const options = ['--events', events, '--model', MODEL, '--attribution', ATTRIBUTION, ...small, '--json']
  const judge = ['evaluate', '--model', trial, '--events', events, '--json']

  const started = performance.now()
  const cleaned = await step('Import', async () =>
    jsonOf(await vitrine('import', '--preset', 'online-retail', data, '--out', events, '--json')),
  )
  await step('Train without the last tenth', async () => {
    await vitrine('train', ...options, '--holdout', '0.1', '--out', trial)
  })
  const measured = await step('Evaluate on the last tenth', async () => jsonOf(await vitrine(...judge)))
  const seconds = Math.round((performance.now() - started) / 1000)
  /** @type {Record<string, unknown>} */
  const objectives = {}
  for (const objective of OBJECTIVES) {
    objectives[objective] = await step(`Evaluate: ${objective}`, async () =>
      jsonOf(await vitrine(...judge, '--objective', objective)),
    )
  }
  const fp32 = await step('Evaluate in float32', async () =>
    jsonOf(await vitrine(...judge, '--precision', 'fp32', '--baselines', 'none')),
  )
  await step('Train on everything', async () => {
    await vitrine('train', ...options, '--out', whole)
  })

  // Neither goes to a device: the float twin is for evaluation, the head for learning more.
  for (const folder of ['fp32', 'head']) rmSync(join(whole, folder), { recursive: true, force: true })
  const { revision } = readRevision(whole)
  const bytes = bytesIn(whole)
  if (bytes > MOST_BYTES) {
    throw new Error(
      `The revision takes ${bytes} bytes, more than the ${MOST_BYTES} that it may: train it smaller.`,
    )
  }
  const models = join(ROOT, 'models', MODEL)
  mkdirSync(models, { recursive: true })
  for (const name of readdirSync(models)) rmSync(join(models, name), { recursive: true })
  const home = join(models, revision)
  // Not renamed: the folder for what is in between may be on another disk.
  cpSync(whole, home, { recursive: true })

  const imported = { ...cleaned, files: [basename(data)] }
  writeFileSync(
    REPORT,
    `${JSON.stringify({ seconds, imported, int8: measured, fp32, objectives }, undefined, 1)}\n`,
  )
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
})
if (values.help) {
  process.stdout.write(`${HELP}\n`)
} else {
  // What was built before the code changed would train something else than it says.
  await buildWorkspace()
  const folder = mkdtempSync(join(tmpdir(), 'vitrine-model-'))
  try {
    await release(
      values.data ?? join(ROOT, '..', 'shared/data/uci-online-retail/online_retail.csv.gz'),
      folder,
    )
    process.stdout.write(readFileSync(REPORT, 'utf8'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
