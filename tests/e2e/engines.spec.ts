/** A shop's own encoder: engines agree with the built-in one in every browser, and the SDK loads one when it is named. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '@vitrine/contracts'
import { createBuiltInEngine, readEmbeddings, readEncoder, readGolden } from '@vitrine/recommender'
import { newestRevision } from '../../scripts/serving/model.js'
import { ROOT } from '../../scripts/run-command.js'
import { type EngineFiles, engineFiles } from './engines/engine-files.ts'
import { smallTable } from './engines/small-encoders.ts'
import type { Edge } from './servers/edge.ts'
import { openShop, storefrontFolders } from './servers/shop.ts'
import { codeOf, diagnostics, enter, show, troubles, untilFrom, view } from './storefront/storefront.ts'
import { expect, test } from './test.ts'
import type { Visitor } from './visitor/visitor.ts'

/** Queries are unit vectors: the largest difference of one element that engines may show, on the CPU and on a GPU. */
const TOLERANCE = { wasm: 1e-6, webgpu: 1e-5 }

/** Where each browser runs engines here: WebKitGTK has no WebGPU. */
const DEVICES = { chromium: ['wasm', 'webgpu'], firefox: ['wasm', 'webgpu'], webkit: ['wasm'] } as const

/** Of the encoders that are not ours. */
const SMALL = { items: 40, dimension: 16 }

const { folder: model } = newestRevision()
const read = (name: string): Uint8Array => readFileSync(join(model, name))
const { items, dimension } = JSON.parse(readFileSync(join(model, 'manifest.json'), 'utf8')) as Manifest

interface Encoded {
  [key: string]: string | string[] | number[][]
  device: string
  passedOver: string[]
  queries: number[][]
}

declare global {
  interface Window {
    encode?: (request: object) => Promise<Encoded>
  }
}

let files: EngineFiles
let histories: number[][]
let expected: Float32Array[]

test.beforeAll(async () => {
  files = await engineFiles(model, SMALL)
  const golden = readGolden(read('golden.json'), items)
  histories = [
    ...golden.cases.map(({ history }) => Array.from(history)),
    Array.from({ length: 50 }, (_, i) => (70 * i) % items),
  ]
  const builtIn = createBuiltInEngine({
    embeddings: readEmbeddings(read('embeddings.bin')),
    encoder: readEncoder(read('encoder.bin')),
  })
  expected = histories.map((history) => {
    const query = new Float32Array(dimension)
    void builtIn.encode(history, query)
    return query
  })
})
test.afterAll(() => files.remove())

function largestDifference(queries: number[][], wanted: readonly Float32Array[]): number {
  const differences = queries.flatMap((query, at) =>
    query.map((value, j) => Math.abs(value - wanted[at]![j]!)),
  )
  return Math.max(...differences)
}

/** Opens the page that runs engines, under the strictest policy, and expects that nothing was stopped by it. */
async function onEnginesPage(visitor: Visitor, edge: Edge, scenario: () => Promise<void>): Promise<void> {
  const shop = await openShop(edge, {
    folders: { '/': join(ROOT, 'tests', 'e2e', 'engines'), '/files/': files.folder },
  })
  try {
    await visitor.open(`${shop.url}/`)
    await visitor.waitFor('the page', () => window.encode !== undefined)
    await scenario()
    expect(shop.violations).toEqual([])
  } finally {
    await shop.close()
  }
}

/** Encodes histories with the encoder in `folder`. */
function encodeWith(
  visitor: Visitor,
  engine: 'onnx' | 'tfjs',
  folder: string,
  request: { devices: string[]; items: number; dimension: number; histories: number[][] },
): Promise<Encoded> {
  return visitor.evaluate((whole) => window.encode!(whole), {
    engine: `/files/${engine}/index.js`,
    files: roles(`files/${folder}`)[engine],
    ...request,
  })
}

const roles = (folder: string): Record<'onnx' | 'tfjs', Record<string, string>> => ({
  onnx: { 'encoder-onnx': `/${folder}/encoder.onnx` },
  tfjs: {
    'encoder-tfjs': `/${folder}/tfjs/model.json`,
    'encoder-tfjs-weights': `/${folder}/tfjs/weights.bin`,
  },
})

for (const engine of ['onnx', 'tfjs'] as const) {
  // On WASM the test shows itself that it would fail with one weight changed.
  test(`${engine} computes the golden queries as the built-in encoder does`, async ({ visitor, edge }) => {
    await onEnginesPage(visitor, edge, async () => {
      const request = { items, dimension, histories }
      for (const device of DEVICES[visitor.engine]) {
        const { queries, ...rest } = await encodeWith(visitor, engine, 'exported', {
          ...request,
          devices: [device],
        })
        expect(rest).toEqual({ device, passedOver: [] })
        expect(largestDifference(queries, expected)).toBeLessThan(TOLERANCE[device])
      }
      const changed = await encodeWith(visitor, engine, 'changed', { ...request, devices: ['wasm'] })
      expect(largestDifference(changed.queries, expected)).toBeGreaterThan(1e-3)
    })
  })
}

// Seen to fail with `disable_cpu_ep_fallback` taken out of the engine: the CPU then computes in the GPU's name.
test('an encoder that a GPU can run only in part is not run there, and that is told', async ({
  visitor,
  edge,
}) => {
  await onEnginesPage(visitor, edge, async () => {
    const request = { ...SMALL, histories: [[3], [3, 39, 0], [17, 18]] }
    const encoded = await encodeWith(visitor, 'onnx', 'small', { ...request, devices: ['webgpu', 'wasm'] })
    const rows = [3, 0, 18].map((item) => smallTable(SMALL).subarray(16 * item, 16 * (item + 1)))
    expect(encoded.device).toBe('wasm')
    expect(largestDifference(encoded.queries, rows)).toBeLessThan(TOLERANCE.wasm)
    expect(encoded.passedOver).toHaveLength(1)
    const { device, queries } = await encodeWith(visitor, 'onnx', 'small', { ...request, devices: ['wasm'] })
    expect({ device, queries }).toEqual({ device: 'wasm', queries: encoded.queries })
    // The browsers that have WebGPU run the encoder of the test before on it: it is this one's operator that they lack.
    if (DEVICES[visitor.engine].length > 1)
      expect(encoded.passedOver[0]).toMatch(/^webgpu: .*(CPU|fallback)/u)
    await expect(encodeWith(visitor, 'onnx', 'small', { ...request, devices: ['webgpu'] })).rejects.toThrow(
      /ENGINE_FAILED/u,
    )
  })
})

test('tfjs runs a layers model of Keras on every device', async ({ visitor, edge }) => {
  await onEnginesPage(visitor, edge, async () => {
    const table = smallTable(SMALL)
    const lists = [[3], [3, 39, 0], Array.from({ length: 50 }, (_, i) => (7 * i) % SMALL.items)]
    const means = lists.map((list) =>
      Float32Array.from(
        { length: SMALL.dimension },
        (_, j) => list.reduce((sum, item) => sum + table[item * SMALL.dimension + j]!, 0) / list.length,
      ),
    )
    for (const device of DEVICES[visitor.engine]) {
      const request = { ...SMALL, histories: lists, devices: [device] }
      const { queries, ...rest } = await encodeWith(visitor, 'tfjs', 'small', request)
      expect(rest).toEqual({ device, passedOver: [] })
      expect(largestDifference(queries, means)).toBeLessThan(TOLERANCE[device])
    }
  })
})

test('an engine that the manifest names is loaded, computes the lists, and diagnostics says so', async ({
  visitor,
  edge,
}) => {
  const shop = await openShop(edge, {
    folders: { ...storefrontFolders, '/engines/': files.folder },
    documents: (settings) => ({
      '/config.json': { ...settings, engines: { onnx: '/engines/onnx/index.js' } },
    }),
  })
  const engineRequests = (): string[] =>
    shop.front.seen.map(({ path }) => path).filter((path) => path.startsWith('/engines/'))
  try {
    // The model without an encoder of the shop's own: nothing of an engine is fetched.
    await enter(visitor, shop)
    const { items: popular } = await untilFrom(visitor, 'popularity')
    await view(visitor, popular.slice(0, 3))
    const builtIn = await untilFrom(visitor, 'personal')
    expect((await diagnostics(visitor)).model.encoder).toEqual({ name: 'built-in', device: 'javascript' })
    expect(engineRequests()).toEqual([])

    await shop.tenant.publish(model, '--encoder', files.onnx)
    expect(await codeOf(visitor, 'update')).toBeNull()
    const personal = await show(visitor)
    expect(personal.revision).not.toBe(builtIn.revision)
    // It is the same encoder, exported.
    expect(personal.items).toEqual(builtIn.items)
    const { model: after, errors } = await diagnostics(visitor)
    expect(after.encoder).toEqual({ name: 'onnx', device: 'wasm' })
    expect(after.why).toEqual([])
    expect(errors.counts).toEqual({})
    expect(engineRequests()).toContain('/engines/onnx/ort-wasm-simd-threaded.wasm')
    expect(await troubles(visitor)).toEqual([])
    expect(shop.violations).toEqual([])
  } finally {
    await shop.close()
  }
})

test('without the engine that the manifest names the built-in encoder serves, and diagnostics says what to do', async ({
  visitor,
  storefront,
}) => {
  await storefront.tenant.publish(model, '--encoder', files.onnx)
  await enter(visitor, storefront)
  const { items: popular, revision } = await untilFrom(visitor, 'popularity')
  expect(revision).not.toBe(storefront.revision)
  await view(visitor, popular.slice(0, 3))
  expect((await untilFrom(visitor, 'personal')).items).toHaveLength(8)
  const { model: status, errors } = await diagnostics(visitor)
  expect(status.encoder).toEqual({ name: 'built-in', device: 'javascript' })
  expect(status.why.join()).toContain('engines: { onnx:')
  expect(errors.counts).toEqual({ ENGINE_FAILED: 1 })
})
