/** `bench size`: bytes that a visitor loads, raw and as brotli, beside what the peers load. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { build } from 'vite'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { ROOT } from '../../../scripts/run-command.js'
import { newestRevision } from '../../../scripts/serving/model.js'
import { PEER_FILES } from '../measure/page.ts'
import { type SizeReport, sizeMarkdown } from './report.ts'

const compress = promisify(brotliCompress)
/** What a CDN keeps, and what the size budgets count; it takes a minute for the peers' engines. */
const LEVEL = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
/** What a device loads of a revision. */
const ARTIFACTS = [
  'catalogue.json',
  'statistics.bin',
  'graph.bin',
  'embeddings.bin',
  'encoder.bin',
  'reranker.json',
  'golden.json',
]

/** Weighs what is built, and what the peers' packages hold. */
export async function run({ signal, say }: BenchmarkOptions): Promise<Outcome> {
  const rows: SizeReport['rows'][number][] = []
  for (const { name, kind, files } of await things()) {
    signal.throwIfAborted()
    say(name)
    let bytes = 0
    let brotli = 0
    // Each file is a response of its own.
    for (const file of files) {
      const content = typeof file === 'string' ? await readFile(file) : file
      bytes += content.length
      brotli += (await compress(content, LEVEL)).length
    }
    rows.push({ name, kind, bytes, brotli })
  }
  const report: SizeReport = { measured: new Date().toISOString(), rows }
  return { report, lines: rows, markdown: sizeMarkdown(report) }
}

/** What is weighed: paths, or contents. */
async function things(): Promise<
  { name: string; kind: SizeReport['rows'][number]['kind']; files: (string | Uint8Array)[] }[]
> {
  const sdk = join(ROOT, 'packages', 'sdk', 'dist')
  const widget = join(ROOT, 'packages', 'widget', 'dist')
  const onnxruntime = PEER_FILES['/onnxruntime/']!
  const tfjs = PEER_FILES['/tfjs/']!
  const model = newestRevision()
  const parts = ARTIFACTS.map((name) => ({ name, file: join(model.folder, name) }))
  return [
    { name: 'page entry of the SDK', kind: 'vitrine', files: [join(sdk, 'index.js')] },
    { name: 'worker: kernels, recommender, store, log', kind: 'vitrine', files: [join(sdk, 'worker.js')] },
    { name: 'network: model updates, sync', kind: 'vitrine', files: [join(sdk, 'network.js')] },
    { name: 'script tag: shelf and SDK in one file', kind: 'vitrine', files: [join(widget, 'vitrine.js')] },
    ...parts.map(({ name, file }) => ({ name: `model: ${name}`, kind: 'model' as const, files: [file] })),
    { name: 'the whole model', kind: 'model', files: parts.map(({ file }) => file) },
    {
      name: 'onnxruntime-web, WASM only',
      kind: 'peer',
      files: ['ort.wasm.bundle.min.mjs', 'ort-wasm-simd-threaded.wasm'].map((file) =>
        join(onnxruntime, file),
      ),
    },
    {
      name: 'onnxruntime-web with WebGPU',
      kind: 'peer',
      files: ['ort.webgpu.bundle.min.mjs', 'ort-wasm-simd-threaded.asyncify.wasm'].map((file) =>
        join(onnxruntime, file),
      ),
    },
    {
      name: 'TensorFlow.js, WASM only',
      kind: 'peer',
      files: [await bundled('tfjs-search.ts'), join(tfjs, 'tfjs-backend-wasm-simd.wasm')],
    },
  ]
}

/** A file of this folder with what it imports, minified as for a page. */
async function bundled(file: string): Promise<Uint8Array> {
  const entry = fileURLToPath(new URL(file, import.meta.url))
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: true, target: 'es2023', lib: { entry, formats: ['es'] } },
  })
  const [first] = Array.isArray(built) ? built : []
  const code = first?.output[0].code
  if (code === undefined) throw new Error(`Vite built nothing from ${file}.`)
  return Buffer.from(code)
}
