/** What a shop serves for engines: their files with the runtimes beside them, and our encoder exported for both. */
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, mustRun } from '../../../scripts/run-command.js'
import { type Size, exoticOnnx, layersTfjs } from './small-encoders.ts'

/** The files that docs/engines.md tells a merchant to copy, by the package that they are in. */
const RUNTIMES: Readonly<Record<'onnx' | 'tfjs', Readonly<Record<string, readonly string[]>>>> = {
  onnx: {
    'onnxruntime-web': [
      'ort.wasm.bundle.min.mjs',
      'ort-wasm-simd-threaded.wasm',
      'ort.webgpu.bundle.min.mjs',
      'ort-wasm-simd-threaded.asyncify.wasm',
    ],
  },
  tfjs: {
    '@tensorflow/tfjs-core': ['tf-core.min.js'],
    '@tensorflow/tfjs-converter': ['tf-converter.min.js'],
    '@tensorflow/tfjs-layers': ['tf-layers.min.js'],
    '@tensorflow/tfjs-backend-wasm': [
      'tf-backend-wasm.min.js',
      'tfjs-backend-wasm.wasm',
      'tfjs-backend-wasm-simd.wasm',
    ],
    '@tensorflow/tfjs-backend-webgpu': ['tf-backend-webgpu.min.js'],
  },
}

/** A folder with `onnx/`, `tfjs/`, `exported/`, `changed/` and `small/`. */
export interface EngineFiles {
  folder: string
  /** Where the exported ONNX encoder is. */
  onnx: string
  remove(): Promise<void>
}

/** Exports the encoder of the revision in `model`, with the command that a merchant has; `small` is the size of the others. */
export async function engineFiles(model: string, small: Size): Promise<EngineFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-engines-'))
  for (const [engine, packages] of Object.entries(RUNTIMES)) {
    const source = join(ROOT, 'packages', `engine-${engine}`)
    await mkdir(join(folder, engine))
    await cp(join(source, 'dist', 'index.js'), join(folder, engine, 'index.js'))
    for (const [name, files] of Object.entries(packages)) {
      for (const file of files) {
        await symlink(join(source, 'node_modules', name, 'dist', file), join(folder, engine, file))
      }
    }
  }
  const exported = join(folder, 'exported')
  await mkdir(exported)
  const onnx = join(exported, 'encoder.onnx')
  const command = [join(ROOT, 'tools', 'bin', 'vitrine.js'), 'export', model]
  await mustRun(process.execPath, [...command, '--onnx', onnx, '--tfjs', join(exported, 'tfjs')], {
    output: 'keep',
  })
  await cp(exported, join(folder, 'changed'), { recursive: true })
  const encoder = await readFile(join(model, 'encoder.bin'))
  // What precedes W: docs/artifacts.md.
  const dimension = encoder.readUInt32LE(12)
  const weights = encoder.subarray(encoder.length - 2 * dimension * dimension)
  await changeWeight(join(folder, 'changed', 'encoder.onnx'), weights)
  // TensorFlow.js stores int8 with 128 added.
  await changeWeight(
    join(folder, 'changed', 'tfjs', 'weights.bin'),
    weights.map((level) => (level + 128) & 255),
  )
  const layers = layersTfjs(small)
  await mkdir(join(folder, 'small', 'tfjs'), { recursive: true })
  await writeFile(join(folder, 'small', 'encoder.onnx'), exoticOnnx(small))
  await writeFile(join(folder, 'small', 'tfjs', 'model.json'), JSON.stringify(layers.model))
  await writeFile(join(folder, 'small', 'tfjs', 'weights.bin'), layers.weights)
  return { folder, onnx, remove: () => rm(folder, { recursive: true }) }
}

/** Flips the sign bit of one weight of the encoder in the file `path`. */
async function changeWeight(path: string, weights: Uint8Array): Promise<void> {
  const bytes = await readFile(path)
  const at = bytes.indexOf(weights)
  if (at < 0) throw new Error(`${path} holds other weights than the model.`)
  bytes[at + 7]! ^= 0x80
  await writeFile(path, bytes)
}
