/** `bench size`: bytes that a visitor loads, raw and as brotli, beside what the peers load. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { build } from 'vite'
import type { Manifest } from '@vitrine/contracts'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { ROOT } from '../../../scripts/run-command.js'
import { newestRevision } from '../../../scripts/serving/model.js'
import { PEER_FOLDERS } from '../measure/peer-files.ts'
import { type SizeReport, sizeMarkdown } from './report.ts'

const compress = promisify(brotliCompress)
/** What a CDN keeps, and what the size budgets count; it takes a minute for the peers' engines. */
const LEVEL = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
/** Every script that a visitor may load of ours, by when it comes. */
const PUBLISHED = [
  { name: 'page entry of the SDK', file: 'sdk/dist/index.js' },
  { name: 'worker: kernels, recommender, store, log', file: 'sdk/dist/worker.js' },
  { name: 'network: model updates, sync; once lists are served', file: 'sdk/dist/network.js' },
  { name: 'placement: choice of a device; when idle', file: 'sdk/dist/placement.js' },
  { name: 'shard: kernels for further threads; where they win', file: 'sdk/dist/shard.js' },
  { name: 'shelves: lists beside the usual ones; where asked for', file: 'sdk/dist/shelves.js' },
  { name: 'WebGPU; where it may win', file: 'sdk/dist/webgpu.js' },
  { name: 'Ed25519; where the browser has none', file: 'sdk/dist/ed25519.js' },
  { name: 'widget in a bundle, SDK left out', file: 'widget/dist/index.js' },
  { name: 'script tag: shelf and SDK in one file', file: 'widget/dist/vitrine.js' },
  { name: 'engine for ONNX encoders, runtime left out', file: 'engine-onnx/dist/index.js' },
  { name: 'engine for TensorFlow.js encoders, runtime left out', file: 'engine-tfjs/dist/index.js' },
] as const

/** What a device loads of a revision, in the order of its manifest. */
async function artifactsOf(folder: string): Promise<string[]> {
  const { artifacts } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest
  return artifacts.map(({ role, dtype }) => `${role}.${dtype === 'json' ? 'json' : 'bin'}`)
}

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
  const { '/onnxruntime/': onnxruntime, '/tfjs/': tfjs } = PEER_FOLDERS
  const model = newestRevision()
  const parts = (await artifactsOf(model.folder)).map((name) => ({ name, file: join(model.folder, name) }))
  return [
    ...PUBLISHED.map(({ name, file }) => ({
      name,
      kind: 'vitrine' as const,
      files: [join(ROOT, 'packages', file)],
    })),
    ...parts.map(({ name, file }) => ({ name: `model: ${name}`, kind: 'model' as const, files: [file] })),
    { name: 'the whole model, starter included', kind: 'model', files: parts.map(({ file }) => file) },
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
