/** A shop's own encoder: engines agree with the built-in one in every browser, and the SDK loads one when it is named. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '@vitrine/contracts'
import { createBuiltInEngine, readEmbeddings, readEncoder, readGolden } from '@vitrine/recommender'
import { newestRevision } from '../../scripts/serving/model.js'
import { ROOT } from '../../scripts/run-command.js'
import { type EngineFiles, engineFiles } from './engines/engine-files.ts'
import { openShop, storefrontFolders } from './servers/shop.ts'
import { codeOf, diagnostics, enter, show, troubles, untilFrom, view } from './storefront/storefront.ts'
import { expect, test } from './test.ts'

/** Queries are unit vectors: the largest difference of one element that engines may show, on the CPU and on a GPU. */
const TOLERANCE = { wasm: 1e-6, webgpu: 1e-5 }

/** Where each browser runs engines here: WebKitGTK has no WebGPU, and one software adapter is enough. */
const DEVICES = { chromium: ['wasm', 'webgpu'], firefox: ['wasm'], webkit: ['wasm'] } as const

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
  files = await engineFiles(model)
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

function largestDifference(queries: number[][]): number {
  const differences = queries.flatMap((query, at) =>
    query.map((value, j) => Math.abs(value - expected[at]![j]!)),
  )
  return Math.max(...differences)
}

const roles = (folder: string): Record<'onnx' | 'tfjs', Record<string, string>> => ({
  onnx: { 'encoder-onnx': `/${folder}/encoder.onnx` },
  tfjs: {
    'encoder-tfjs': `/${folder}/tfjs/model.json`,
    'encoder-tfjs-weights': `/${folder}/tfjs/weights.bin`,
  },
})

for (const engine of ['onnx', 'tfjs'] as const) {
  // On WASM the test shows itself that it would fail with one weight changed. The policy of the page is the strictest.
  test(`${engine} computes the golden queries as the built-in encoder does`, async ({ visitor, edge }) => {
    const shop = await openShop(edge, {
      folders: { '/': join(ROOT, 'tests', 'e2e', 'engines'), '/files/': files.folder },
    })
    const encode = (folder: string, device: string): Promise<Encoded> =>
      visitor.evaluate((request) => window.encode!(request), {
        engine: `/files/${engine}/index.js`,
        files: roles(`files/${folder}`)[engine],
        devices: [device],
        items,
        dimension,
        histories,
      })
    try {
      await visitor.open(`${shop.url}/`)
      await visitor.waitFor('the page', () => window.encode !== undefined)
      for (const device of DEVICES[visitor.engine]) {
        const { queries, ...rest } = await encode('exported', device)
        expect(rest).toEqual({ device, passedOver: [] })
        expect(largestDifference(queries)).toBeLessThan(TOLERANCE[device])
      }
      const changed = await encode('changed', 'wasm')
      expect(largestDifference(changed.queries)).toBeGreaterThan(1e-3)
      expect(shop.violations).toEqual([])
    } finally {
      await shop.close()
    }
  })
}

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
