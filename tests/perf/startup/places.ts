/** The shops that `bench startup` visits: pages, engines and models behind a slow line. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readEmbeddings } from '@vitrine/recommender'
import { newestRevision } from '../../../scripts/serving/model.js'
import { type StaticServer, startStaticServer } from '../../../scripts/serving/static-server.js'
import { startEdge } from '../../e2e/servers/edge.ts'
import { buildPage } from '../measure/page.ts'
import { precompress } from '../measure/precompress.ts'
import type { Way, slowLine } from '../measure/slow-link.ts'
import { markWorker } from './breakdown.ts'
import { peerModel } from './peer-model.ts'

/** A first page on the same origin, so that the process that will be slowed is there before the visit. */
const BLANK = { '/blank': '<!doctype html><title>Blank</title>' }

/** A shop's page with everything behind it. */
export interface Place {
  name: string
  /** The page with all that it has to know. */
  path: string
  /** Page, scripts and engines. */
  page: Way
  /** Models and data. */
  model: Way
  close(): Promise<void>
}

/**
 * The page with the SDK, and an endpoint with the committed model.
 *
 * @param isWatched Whether its worker tells what it does: that takes a little time.
 */
export async function openVitrine(
  line: ReturnType<typeof slowLine>,
  { isWatched = false }: { isWatched?: boolean } = {},
): Promise<Place> {
  const built = await buildPage(pageFolder('vitrine'))
  if (isWatched) await markWorker(built.folder)
  await precompress(built.folder)
  const revision = newestRevision()
  const pages = await startStaticServer({ folders: { '/': built.folder }, documents: BLANK })
  const edge = await startEdge()
  const page = await line.to(pages.url)
  const model = await line.to(edge.url)
  const tenant = await edge.newTenant(page.url)
  await tenant.publish(revision.folder)
  const { ids } = JSON.parse(await readFile(join(revision.folder, 'catalogue.json'), 'utf8')) as {
    ids: string[]
  }
  const query = new URLSearchParams({
    endpoint: model.url,
    model: revision.id,
    key: tenant.key,
    item: ids[0]!,
  })
  return {
    name: 'Vitrine',
    path: `/?${query}`,
    page,
    model,
    close: () => closeAll([page, model, pages, edge, { close: () => built.remove() }]),
  }
}

/** The page with onnxruntime-web: the same embeddings, an encoder and a search as one model, and the same catalogue. */
export async function openPeer(line: ReturnType<typeof slowLine>, k: number): Promise<Place> {
  const built = await buildPage(pageFolder('onnxruntime'))
  const { folder } = newestRevision()
  const embeddings = readEmbeddings(await readFile(join(folder, 'embeddings.bin')))
  const { count, dimension, values, scales } = embeddings
  if (!(values instanceof Int8Array)) throw new Error(`${folder} holds no int8 embeddings.`)
  const data = await mkdtemp(join(tmpdir(), 'vitrine-perf-'))
  // Names with a hash, so that the second visit finds them in the browser's cache.
  await writeFile(join(data, 'search-00000001.onnx'), peerModel({ count, dimension, values, scales }, k))
  await writeFile(join(data, 'catalogue-00000001.json'), await readFile(join(folder, 'catalogue.json')))
  await precompress(built.folder)
  await precompress(data)
  const headers = { 'access-control-allow-origin': '*' }
  const pages = await startStaticServer({ folders: { '/': built.folder }, documents: BLANK })
  const files = await startStaticServer({ folders: { '/': data }, headers })
  const page = await line.to(pages.url)
  const model = await line.to(files.url)
  const query = new URLSearchParams({
    search: `${model.url}/search-00000001.onnx`,
    catalogue: `${model.url}/catalogue-00000001.json`,
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

async function closeAll(parts: readonly Pick<StaticServer, 'close'>[]): Promise<void> {
  for (const part of parts) await part.close()
}
