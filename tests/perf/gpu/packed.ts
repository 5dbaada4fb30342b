/** `node vitrine-gpu.mjs`: `bench gpu` as one file, for a machine that has a GPU and neither Node nor this repository. */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { benchGpu } from './bench.ts'

const HELP = `Usage: ./node vitrine-gpu.mjs [--n 1e5,1e6,1e7] [--d 64,128] [--driver FILE] [--bind N] [--out FILE]

Times the WGSL kernel on this machine's GPU beside the WASM kernel; one JSON object a line on standard output.
--out FILE also writes the report; \`npm run bench -- gpu --from FILE\` makes the page and the plot of it.
It needs libvulkan.so.1 and a driver; --driver names the driver's manifest where the loader does not find it.`

const beside = (name: string): URL => new URL(name, import.meta.url)
const numbers = (text: string | undefined): number[] | undefined => text?.split(',').map(Number)

const { values } = parseArgs({
  options: {
    n: { type: 'string' },
    d: { type: 'string' },
    driver: { type: 'string' },
    bind: { type: 'string' },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) process.stdout.write(`${HELP}\n`)
else {
  const report = await benchGpu({
    quick: values.quick,
    sizes: numbers(values.n),
    dimensions: numbers(values.d),
    driver: values.driver,
    bind: numbers(values.bind)?.[0],
    dawn: beside('dawn.node').pathname,
    limit: readFileSync(beside('read-limit.wasm')).toString('base64'),
    say: (text) => process.stderr.write(`${text}\n`),
  })
  for (const row of report.rows) process.stdout.write(`${JSON.stringify(row)}\n`)
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(report, undefined, 1)}\n`)
}
