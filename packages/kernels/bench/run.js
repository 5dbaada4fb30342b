/**
 * `pnpm --filter @vitrine/kernels bench [N …] [--d=64] [--k=24] [--chromium]`: times every device beside the read
 * limit, in Node or in Chromium (CHROMIUM names its binary). Compare the ratios: times are this machine's.
 */
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { chromium } from 'playwright'
import { build, runnerImport } from 'vite'
import { compile } from '../scripts/compile-assembly.js'

/**
 * @typedef {typeof import('./compare.ts')} Bench
 * @typedef {import('./compare.ts').Comparison} Comparison
 * @typedef {import('./compare.ts').Report} Report
 * @typedef {{ name: string, compare: (comparison: Comparison) => Promise<Report>, close: () => Promise<void> }} Place
 */

const COMPARE = fileURLToPath(new URL('compare.ts', import.meta.url))

const args = process.argv.slice(2)
const sizes = args.filter((arg) => !arg.startsWith('--')).map(Number)
const dimension = option('d', 64)
const k = option('k', 24)
const readLimit = new Uint8Array(
  await compile(new URL('../', import.meta.url), 'assembly/read-limit.ts', ['--enable', 'simd']),
)

const place = args.includes('--chromium') ? await inChromium() : await inNode()
console.log(`${cpus()[0]?.model}, ${place.name}, d = ${dimension}, k = ${k}`)
for (const count of sizes.length > 0 ? sizes : [1e4, 1e5, 1e6]) {
  console.log(`\nN = ${count}`)
  const { timings, int8Overlap } = await place.compare({ count, dimension, k })
  for (const { name, ms, ratioToLimit } of timings) {
    console.log(
      `${name.padEnd(28)} ${ms.toFixed(4).padStart(9)} ms ${ratioToLimit.toFixed(2).padStart(8)} × limit`,
    )
  }
  console.log(`the int8 query finds ${(100 * int8Overlap).toFixed(2)}% of the float query's top ${k}`)
}
await place.close()

/**
 * @param {string} name
 * @param {number} otherwise
 */
function option(name, otherwise) {
  return Number(args.find((arg) => arg.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
}

/** @returns {Promise<Place>} */
async function inNode() {
  // Node 20 has relaxed SIMD behind a flag, and only its optimising compiler gets it right.
  if (process.version.startsWith('v20.')) {
    setFlagsFromString('--experimental-wasm-relaxed-simd')
    setFlagsFromString('--no-liftoff')
  }
  const imported = await runnerImport(COMPARE, { configFile: false, logLevel: 'error' })
  const bench = /** @type {Bench} */ (imported.module)
  return {
    name: `Node ${process.version}`,
    compare: (comparison) => bench.compare(comparison, readLimit),
    close: () => Promise.resolve(),
  }
}

/** @returns {Promise<Place>} */
async function inChromium() {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', lib: { entry: COMPARE, formats: ['iife'], name: 'bench' } },
  })
  const [bundle] = /** @type {import('vite').Rolldown.RolldownOutput[]} */ (built)
  const executablePath = process.env.CHROMIUM
  const browser = await chromium.launch({ args: ['--no-sandbox'], ...(executablePath && { executablePath }) })
  const page = await browser.newPage()
  await page.addScriptTag({ content: bundle?.output[0].code ?? '' })
  return {
    name: `Chromium ${browser.version()}`,
    compare: (comparison) =>
      page.evaluate(
        ([comparison, bytes]) => {
          const { bench } = /** @type {{ bench: Bench }} */ (/** @type {unknown} */ (globalThis))
          return bench.compare(comparison, Uint8Array.from(bytes))
        },
        /** @type {const} */ ([comparison, [...readLimit]]),
      ),
    close: () => browser.close(),
  }
}
