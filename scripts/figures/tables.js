/** What the README says of each report: a table, and where and how it was measured. */
import { PROMISES } from '../soak/promises.js'

/**
 * @typedef {{ cpu: string, cores: number, platform: string, load: readonly number[] }} Machine
 * @typedef {{ mean: number, low: number, high: number }} Interval
 * @typedef {{ hit_rate: number, mrr: number }} Quality
 * @typedef {{ n: number, d: number, k: number, browser: string, device: string, ms: number,
 *   ratio_to_fastest_ort: number | null, ratio_to_tfjs_wasm: number | null, ratio_to_limit: number | null,
 *   overlap: number | null, software: boolean }} KernelRow
 * @typedef {{ n: number, cpu: number, p50_ms: number, p99_ms: number, calls: number }} RoundtripRow
 * @typedef {{ name: string, kind: 'vitrine' | 'model' | 'peer', bytes: number, brotli: number }} SizeRow
 * @typedef {{ name: string, starter_ms: number | null, cold_ms: number, warm_ms: number, bytes: number,
 *   model_bytes: number, long_tasks: number }} StartupPage
 */

const percent = new Intl.NumberFormat('en', {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const digits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

/** @param {readonly string[]} cells @returns {string} */
function line(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** @param {readonly (readonly string[])[]} rows the first one is the head; columns after the first are right-aligned @returns {string} */
function table([head = [], ...rows]) {
  const rule = head.map((_, at) => (at === 0 ? '---' : '---:'))
  return [head, rule, ...rows].map((cells) => line(cells)).join('\n')
}

/** @param {Interval} interval in shares @returns {string} in points */
function points({ mean, low, high }) {
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`
}

/** @param {number} share @returns {string} */
function signed(share) {
  return `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`
}

/** @param {number} bytes @returns {string} */
function kilobytes(bytes) {
  return bytes < 1e6 ? `${digits.format(bytes / 1000)} kB` : `${digits.format(bytes / 1e6)} MB`
}

/** @param {number | null | undefined} ratio @returns {string} */
function times(ratio) {
  return typeof ratio === 'number' ? `${digits.format(ratio)} ×` : ''
}

/** @param {Machine} machine @returns {string} */
function place({ cpu, cores, platform, load }) {
  return `${cpu} (${cores} cores, ${platform}, load ${digits.format(load[0] ?? 0)} at the start)`
}

/**
 * @typedef {Quality & { name: string, bytes: number, difference: { hit_rate: Interval, mrr: Interval } }} Version
 * @typedef {Quality & { name: string, difference: { hit_rate: Interval, mrr: Interval } }} Ranker
 * @typedef {{ shop: string, cases: number, sessions: number, items: number, versions: readonly Version[],
 *   unknown_shopper?: Quality, baselines: readonly Ranker[], published: readonly Ranker[] }} QualityOfShop
 */

/** What the README calls the data, and where it is from. @type {Readonly<Record<string, string>>} */
const SHOP_NAMES = {
  'online-retail': 'UCI Online Retail, last tenth of the invoices',
  'yoochoose-1-64': 'YooChoose 1/64, the test sessions of the literature',
  clothing: 'UCI e-shop clothing 2008, last tenth of the visits',
}

/** @param {QualityOfShop} shop @returns {Version | undefined} the version that ships */
function int8Of({ versions }) {
  return versions.find(({ name }) => name === 'int8')
}

/** @param {Quality | undefined} ranker @returns {string[]} hit rate and MRR, empty where it was not measured */
function qualityCells(ranker) {
  return ranker ? [percent.format(ranker.hit_rate), percent.format(ranker.mrr)] : ['', '']
}

/** @param {{ shops: readonly QualityOfShop[] }} report @returns {string} */
export function qualityFigures({ shops }) {
  const names = [...new Set(shops.flatMap(({ baselines }) => baselines.map(({ name }) => name)))]
  const published = [...new Set(shops.flatMap((shop) => shop.published.map(({ name }) => name)))]
  const wins = shops
    .flatMap(({ baselines }) => baselines)
    .filter(({ difference }) => difference.hit_rate.low > 0)
  return [
    '### How good the lists are',
    table([
      ['', ...shops.flatMap(({ shop }) => [`${shop}: hit rate@20`, 'MRR@20'])],
      ['**Vitrine**, int8', ...shops.flatMap((shop) => qualityCells(int8Of(shop)))],
      [
        'Vitrine, told nothing of earlier visits',
        ...shops.flatMap((shop) => qualityCells(shop.unknown_shopper ?? int8Of(shop))),
      ],
      ...names.map((name) =>
        [`${name}, tuned`].concat(
          shops.flatMap(({ baselines }) => qualityCells(baselines.find((each) => each.name === name))),
        ),
      ),
      ...published.map((name) =>
        [`${name}, as published`].concat(
          shops.flatMap((shop) => qualityCells(shop.published.find((each) => each.name === name))),
        ),
      ),
    ]),
    `The next item of every prefix of later sessions, all items ranked, by the code and the int8 files that a browser runs. ${shops
      .map(
        (shop) =>
          `${shop.shop}: ${SHOP_NAMES[shop.shop]}, ${whole.format(shop.cases)} cases, ${kilobytes(int8Of(shop)?.bytes ?? 0)}`,
      )
      .join(
        '; ',
      )}. Baselines were tuned as hard as the model, on the same data: of ${shops.reduce((sum, { baselines }) => sum + baselines.length, 0)}, Vitrine is ahead of ${wins.length} in hit rate by more than chance (95% intervals, paired bootstrap over sessions). Where the data name shoppers, a device knows their earlier visits and the first row uses them; baselines are told nothing of them, and neither is the second row. Published figures are context, not measured here ([report](docs/benchmarks/quality.md): intervals, smaller versions, what each part is worth, the long tail).`,
  ].join('\n\n')
}

/**
 * @typedef {{ recall: number, precision: number, hit_rate: number, ndcg: number }} ShelfRates
 * @typedef {ShelfRates & { placement: string, k: number, by: keyof ShelfRates, questions: number,
 *   baselines: Record<string, ShelfRates & { difference: Interval }> }} ShelfReport
 */

/** @param {{ objectives?: Record<string, ShelfReport> }} report @returns {string} nothing where objectives were not measured */
export function objectiveFigures({ objectives }) {
  if (!objectives) return ''
  const rows = Object.entries(objectives).map(([objective, report]) => {
    const { placement, by, k, questions } = report
    const [best] = Object.entries(report.baselines).toSorted(([, a], [, b]) => b[by] - a[by])
    return [
      objective.replace('-', ' '),
      placement,
      `${by.replace('_', ' ')}@${k}`,
      whole.format(questions),
      percent.format(report[by]),
      best ? `${best[0]} ${percent.format(best[1][by])}` : '',
      best ? points(best[1].difference) : '',
    ]
  })
  return [
    '### What each shelf is good for',
    table([
      ['objective', 'shelf', 'measure', 'questions', 'Vitrine', 'best tuned baseline', 'ahead by'],
      ...rows,
    ]),
    'UCI Online Retail, last tenth of the invoices, int8, in points with 95% intervals of a paired bootstrap; each baseline was tuned for the objective on the data before ([report](docs/benchmarks/online-retail.json)).',
  ].join('\n\n')
}

/** @param {{ machine: Machine, browsers: readonly string[], rows: readonly KernelRow[] }} report @returns {string} */
export function kernelFigures({ machine, browsers, rows }) {
  const shown = [...new Set(rows.map(({ n }) => n))].includes(1e5) ? 1e5 : Math.max(...rows.map(({ n }) => n))
  // A GPU in software shows that results are right, not how fast they come.
  const at = rows.filter(({ n, software }) => n === shown && !software)
  const devices = [...new Set(at.map(({ device }) => device))]
  const [first] = at
  return [
    '### How fast a catalogue is scored',
    table([
      ['', ...browsers.flatMap((browser) => [browser, 'of the fastest ONNX'])],
      ...devices.map((device) => {
        const name = device.startsWith('vitrine') ? `**${device}**` : device
        const cells = browsers.flatMap((browser) => {
          const row = at.find((each) => each.device === device && each.browser === browser)
          return row ? [`${digits.format(row.ms)} ms`, times(row.ratio_to_fastest_ort)] : ['', '']
        })
        return [name].concat(cells)
      }),
    ]),
    `One query over ${whole.format(shown)} items (d = ${first?.d}, the best ${first?.k}), every row in turn in one page, medians. \`limit\` reads the int8 table once and does nothing with it. Everything on one thread, as on a page that is not cross-origin isolated.`,
    `Measured on ${place(machine)}: compare the ratios, the times are this machine's ([all sizes](docs/benchmarks/kernels.md)).`,
  ].join('\n\n')
}

/**
 * @typedef {{ model: string, place: string, p50_ms: number, p99_ms: number }} AloneRow
 * @param {{ machine: Machine, browser: string, rows: readonly RoundtripRow[], alone?: readonly AloneRow[] }} report
 * @returns {string}
 */
export function roundtripFigures({ machine, browser, rows, alone = [] }) {
  return [
    '### How long `recommend()` takes',
    table([
      ['', 'p50', 'p99'],
      ...rows.map(({ n, cpu, p50_ms: p50, p99_ms: p99 }) => [
        `${whole.format(n)} items${cpu === 1 ? '' : `, CPU slowed ${cpu} ×`}`,
        `${digits.format(p50)} ms`,
        `${digits.format(p99)} ms`,
      ]),
      ...alone.map(({ model, place: where, p50_ms: p50, p99_ms: p99 }) => [
        `no hop, ${model.split(' ')[0]}, ${where}`,
        `${digits.format(p50)} ms`,
        `${digits.format(p99)} ms`,
      ]),
    ]),
    `From the call in the page to the list, worker hop, re-ranking, rules and reasons included; ${whole.format(rows[0]?.calls ?? 0)} calls each. ${browser} on ${place(machine)} ([report](docs/benchmarks/roundtrip.json)).`,
  ].join('\n\n')
}

/**
 * @param {{ machine: Machine, browser: string, network: string, cpu: number, main_thread_ms: number,
 *   pages: readonly StartupPage[] }} report
 * @returns {string}
 */
export function startupFigures({ machine, browser, network, cpu, main_thread_ms, pages }) {
  /** @param {number | null} ms */
  const seconds = (ms) => (ms === null ? '' : `${digits.format(ms / 1000)} s`)
  return [
    '### How long until the first personal list',
    table([
      ['', 'first list', 'whole model', 'later visit', 'engine over the wire', 'model over the wire'],
      ...pages.map((page) => [
        page.name,
        seconds(page.starter_ms ?? page.cold_ms),
        seconds(page.cold_ms),
        seconds(page.warm_ms),
        kilobytes(page.bytes),
        kilobytes(page.model_bytes),
      ]),
    ]),
    `Navigation to a list from the shopper's own history, ${network}, CPU slowed ${cpu} ×, nothing cached on the first visit; medians of visits in turn. Our scripts take ${digits.format(main_thread_ms)} ms of the page's main thread. ${browser} on ${place(machine)} ([report](docs/benchmarks/startup.json)).`,
  ].join('\n\n')
}

/** @param {{ rows: readonly SizeRow[] }} report @returns {string} */
export function sizeFigures({ rows }) {
  return [
    '### What goes over the wire',
    table([
      ['', 'bytes', 'brotli'],
      ...rows.map(({ name, bytes, brotli }) => [name, kilobytes(bytes), kilobytes(brotli)]),
    ]),
    'Files as they are published, each compressed by itself (level 11); of the peers, the files that a page needs to multiply and to take the top k ([report](docs/benchmarks/size.json)).',
  ].join('\n\n')
}

/** @typedef {{ promise: number, trials: number, events: number | null, lost: number | null, doubled: number | null, accepted: number | null, mutation_check: string | null }} ReliabilityRow */

/** @param {number | null} count @returns {string} */
function counted(count) {
  return count === null ? '' : whole.format(count)
}

/** @param {{ rows: readonly ReliabilityRow[] }} report @returns {string} */
export function reliabilityFigures({ rows }) {
  const lines = rows.map(({ promise, trials, events, lost, doubled, accepted, mutation_check }) => [
    `${promise}. ${PROMISES[promise]?.promise}`,
    `${whole.format(trials)} ${PROMISES[promise]?.trial}`,
    counted(events),
    counted(lost),
    counted(doubled),
    counted(accepted),
    mutation_check ?? '',
  ])
  const head = ['', 'tried', 'events', 'lost', 'doubled', 'wrongly accepted', 'guards proved']
  return `### What is promised, and how often that was tried

${table([head, ...lines])}

Last column: guards of the source whose test was seen to fail with the guard taken out, of all of this promise. Not promised: storage that the browser evicts (Safari after seven days without a visit), the last moments before a loss of power, what two kills of Chromium in a row can cost, and safety from a script of the shop's own origin ([each promise and its tests](docs/promises.md), [report](docs/benchmarks/reliability.md)).`
}
