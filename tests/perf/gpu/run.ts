/** `bench gpu`: the WGSL kernel on this machine's GPU through Dawn for Node, beside our WASM kernel. */
import { readFile } from 'node:fs/promises'
import type { BenchmarkOptions, Outcome } from '../../../scripts/bench.js'
import { compileReadLimit } from '../kernels/compile-read-limit.ts'
import { benchGpu } from './bench.ts'
import { findGpu, installedDawn } from './dawn.ts'
import { pack } from './pack.ts'
import { type GpuReport, gpuMarkdown, gpuPlot } from './report.ts'
import { softwareDriver } from './software-driver.ts'

/** Measures; with `pack` writes a program that does, with `from` takes what such a program found. */
export async function run(options: BenchmarkOptions): Promise<Outcome> {
  if (options.pack !== undefined) {
    const files = await pack(options.pack, options)
    return { lines: files, markdown: files.map(({ file, bytes }) => `${file}  ${bytes} bytes`).join('\n') }
  }
  const report =
    options.from === undefined
      ? await measureHere(options)
      : (JSON.parse(await readFile(options.from, 'utf8')) as GpuReport)
  return { report, lines: report.rows, markdown: gpuMarkdown(report), plot: gpuPlot(report) }
}

async function measureHere(options: BenchmarkOptions): Promise<GpuReport> {
  const dawn = installedDawn()
  const driver = options.driver ?? (await softwareWhereNoGpu(dawn, options.say))
  return benchGpu({ ...options, driver, dawn, limit: await compileReadLimit() })
}

/** The driver of the software adapter, where Dawn finds none that is better. */
async function softwareWhereNoGpu(dawn: string, say: (text: string) => void): Promise<string | undefined> {
  try {
    await findGpu(dawn)
    return undefined
  } catch (error) {
    const software = softwareDriver()
    if (software === undefined) throw error
    say(`No GPU here (${String(error)}) Taking ${software}.`)
    return software
  }
}
