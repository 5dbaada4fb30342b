/** `bench startup`: from navigation to the first personal list on a slow line and processor, beside onnxruntime-web. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { newestRevision } from '../../../scripts/serving/model.js'
import { type StaticServer, startStaticServer } from '../../../scripts/serving/static-server.js'
import { startEdge } from '../../e2e/servers/edge.ts'
import { chromiumLaunch } from '../measure/browser.ts'
import { thisMachine } from '../measure/machine.ts'
import { buildPage } from '../measure/page.ts'
import { quantile } from '../measure/quantile.ts'
import { slowCpu, slowdown, spin } from '../measure/slow-cpu.ts'
import { type Way, slowLine } from '../measure/slow-link.ts'
import { peerModel } from './peer-model.ts'
import { type StartupPage, type StartupReport, ratiosOf, startupMarkdown } from './report.ts'

const SLOW = 4
const VISITS = 3
const K = 12
/** A first page on the same origin, so that the process that will be slowed is there before the visit. */
const BLANK = { '/blank': '<!doctype html><title>Blank</title>' }
/** Longest wait for a list, in milliseconds: the slow line is slow. */
const PATIENCE = 120_000

/** A shop's page with everything behind it. */
interface Place {
  name: string
  /** The page with all that it has to know. */
  path: string
  /** Page, scripts and engines. */
  page: Way
  /** Models and data. */
  model: Way
  close(): Promise<void>
}

/** One visitor: empty caches at first, full ones at the second visit. */
interface Visits {
  coldMs: number
  warmMs: number
  bytes: number
  modelBytes: number
  longTasks: number
  slowdown: number
}

/** Visits both pages in turn, each time with a new browser profile. */
export async function run({ quick, signal, say }: BenchmarkOptions): Promise<Outcome> {
  const machine = thisMachine()
  const line = slowLine()
  const places: Place[] = []
  const visits: Visits[][] = [[], []]
  const mainThread: number[] = []
  const browser = await chromium.launch(chromiumLaunch())
  try {
    places.push(await openVitrine(line), await openPeer(line))
    for (let round = 0; round < (quick ? 1 : VISITS); round++) {
      for (const [at, place] of places.entries()) {
        signal.throwIfAborted()
        say(`${place.name}: visitor ${round + 1} of ${quick ? 1 : VISITS}`)
        visits[at]!.push(await visitTwice(browser, place))
      }
    }
    for (const place of places) mainThread.push(await mainThreadMs(browser, place))
  } finally {
    await browser.close()
    for (const place of places) await place.close()
  }
  const pages = places.map(({ name }, at): StartupPage => {
    const median = (key: keyof Visits): number =>
      quantile(
        visits[at]!.map((visit) => visit[key]),
        0.5,
      )
    return {
      name,
      cold_ms: median('coldMs'),
      warm_ms: median('warmMs'),
      bytes: median('bytes'),
      model_bytes: median('modelBytes'),
      long_tasks: median('longTasks'),
      main_thread_ms: mainThread[at]!,
      slowdown: median('slowdown'),
    }
  })
  const report: StartupReport = {
    measured: new Date().toISOString(),
    machine,
    browser: `Chromium ${browser.version().split('.')[0]}`,
    network: line.name,
    cpu: SLOW,
    pages,
  }
  return { report, lines: [ratiosOf(report)], markdown: startupMarkdown(report) }
}

async function visitTwice(browser: Browser, { path, page: pageWay, model }: Place): Promise<Visits> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(`${pageWay.url}/blank`)
    const full = await page.evaluate(spin)
    const before = [pageWay.received(), model.received()] as const
    const slow = await slowCpu(browser, SLOW)
    try {
      const firstList = async () => {
        await page.goto(pageWay.url + path, { timeout: PATIENCE })
        await page.waitForFunction(() => window.firstList, undefined, { timeout: PATIENCE })
        return page.evaluate(() => window.firstList!)
      }
      const cold = await firstList()
      const bytes = pageWay.received() - before[0]
      const modelBytes = model.received() - before[1]
      const slower = slowdown(full, await page.evaluate(spin))
      const warm = await firstList()
      return {
        coldMs: cold.ms,
        warmMs: warm.ms,
        bytes,
        modelBytes,
        longTasks: cold.longTasks,
        slowdown: slower,
      }
    } finally {
      await slow.end()
    }
  } finally {
    await context.close()
  }
}

/** Milliseconds of script on the main thread until the list, at full speed. */
async function mainThreadMs(browser: Browser, { path, page: pageWay }: Place): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable')
    await page.goto(pageWay.url + path, { timeout: PATIENCE })
    // Polled seldom: asking is script on the main thread too.
    await page.waitForFunction(() => window.firstList, undefined, { timeout: PATIENCE, polling: 500 })
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN)
  } finally {
    await context.close()
  }
}

async function openVitrine(line: ReturnType<typeof slowLine>): Promise<Place> {
  const built = await buildPage(pageFolder('vitrine'))
  const revision = newestRevision()
  const pages = await startStaticServer({ folders: { '/': built.folder }, documents: BLANK })
  const edge = await startEdge()
  const page = await line.to(pages.url)
  const model = await line.to(edge.url)
  const tenant = await edge.newTenant(page.url)
  await tenant.publish(revision.folder)
  const [item] = await idsOf(revision.folder)
  const query = new URLSearchParams({ endpoint: model.url, model: revision.id, key: tenant.key, item: item! })
  return {
    name: 'Vitrine',
    path: `/?${query}`,
    page,
    model,
    close: () => closeAll([page, model, pages, edge, { close: () => built.remove() }]),
  }
}

async function openPeer(line: ReturnType<typeof slowLine>): Promise<Place> {
  const built = await buildPage(pageFolder('onnxruntime'))
  const revision = newestRevision()
  const titles = await idsOf(revision.folder)
  const data = await mkdtemp(join(tmpdir(), 'vitrine-perf-'))
  // Names with a hash, so that the second visit finds them in the browser's cache.
  await writeFile(join(data, 'search-00000001.onnx'), peerModel(titles.length, 64, K))
  await writeFile(join(data, 'titles-00000001.json'), JSON.stringify(titles))
  const headers = { 'access-control-allow-origin': '*' }
  const pages = await startStaticServer({ folders: { '/': built.folder }, documents: BLANK })
  const files = await startStaticServer({ folders: { '/': data }, headers })
  const page = await line.to(pages.url)
  const model = await line.to(files.url)
  const query = new URLSearchParams({
    search: `${model.url}/search-00000001.onnx`,
    titles: `${model.url}/titles-00000001.json`,
  })
  return {
    name: 'onnxruntime-web',
    path: `/?${query}`,
    page,
    model,
    close: () =>
      closeAll([
        page,
        model,
        pages,
        files,
        { close: () => built.remove() },
        { close: () => rm(data, { recursive: true }) },
      ]),
  }
}

function pageFolder(name: string): string {
  return fileURLToPath(new URL(`pages/${name}`, import.meta.url))
}

/** Ids of a revision's catalogue. */
async function idsOf(folder: string): Promise<string[]> {
  const { ids } = JSON.parse(await readFile(join(folder, 'catalogue.json'), 'utf8')) as { ids: string[] }
  return ids
}

async function closeAll(parts: readonly Pick<StaticServer, 'close'>[]): Promise<void> {
  for (const part of parts) await part.close()
}
