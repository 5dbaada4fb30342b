/** The benchmark pages, built as a shop would build them and served from this machine only. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { startStaticServer } from '../../../scripts/serving/static-server.js'
import { PEER_FOLDERS } from './peer-files.ts'

/** A page being served. */
export interface ServedPage {
  /** Without a slash at the end. */
  url: string
  close(): Promise<void>
}

/** A built page; `remove` deletes it. */
export interface BuiltPage {
  folder: string
  remove(): Promise<void>
}

/** Builds `<folder>/index.html` with Vite, for browsers that Vitrine supports. */
export async function buildPage(root: string): Promise<BuiltPage> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-perf-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      reportCompressedSize: false,
      // The peers are as large as they are; that is what is measured.
      chunkSizeWarningLimit: Infinity,
    },
  })
  return { folder, remove: () => rm(folder, { recursive: true }) }
}

/** Builds and serves a page together with the peers' files. */
export async function servePage(root: string): Promise<ServedPage> {
  const built = await buildPage(root)
  const server = await startStaticServer({ folders: { '/': built.folder, ...PEER_FOLDERS } })
  return {
    url: server.url,
    async close() {
      await server.close()
      await built.remove()
    },
  }
}
