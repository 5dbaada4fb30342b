/** One recommendation without a hop, on models that were trained on real shops: in Node, and in Chromium's worker. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright'
import { readRevision } from '../../../../scripts/serving/model.js'
import { startStaticServer } from '../../../../scripts/serving/static-server.js'
import { buildPage } from '../../measure/page.ts'
import { quantile } from '../../measure/quantile.ts'
import type { AloneRow } from '../report.ts'
import { timeRecommendations } from './recommendations.ts'

/** A clock of microseconds needs a page that is isolated. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Times the revision in `folder` in both places. */
export async function timeAlone(folder: string, browser: Browser): Promise<AloneRow[]> {
  const { id, revision, bytes } = readRevision(folder)
  const model = `${id} ${revision}`
  const inNode = await timeRecommendations((name) => readFile(join(folder, name)))
  const inWorker = await timeInWorker(folder, browser)
  return [
    { model, bytes, place: 'Node', ...summary(inNode) },
    { model, bytes, place: 'Chromium, in a worker', ...summary(inWorker) },
  ]
}

async function timeInWorker(folder: string, browser: Browser): Promise<number[]> {
  const built = await buildPage(fileURLToPath(new URL('.', import.meta.url)))
  const server = await startStaticServer({
    folders: { '/': built.folder, '/model/': folder },
    headers: ISOLATED,
  })
  const page = await browser.newPage()
  try {
    await page.goto(`${server.url}/`)
    await page.waitForFunction(() => window.timed !== undefined)
    return await page.evaluate(() => window.timed!)
  } finally {
    await page.close()
    await server.close()
    await built.remove()
  }
}

function summary(times: readonly number[]): Pick<AloneRow, 'calls' | 'p50_ms' | 'p99_ms'> {
  return { calls: times.length, p50_ms: quantile(times, 0.5), p99_ms: quantile(times, 0.99) }
}
