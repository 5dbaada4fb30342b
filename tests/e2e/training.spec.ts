/**
 * A merchant trains in her browser: the losses are those of Node's own trainer on the same seed, on the GPU (in
 * software here) as on the processor, and what she downloads becomes a revision.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, mustRun } from '../../scripts/run-command.js'
import { type StaticServer, startStaticServer, strictPolicy } from '../../scripts/serving/static-server.js'
import { expect, test as base } from './test.ts'
import type { Visitor } from './visitor/visitor.ts'

/** Relative, of each epoch's mean loss: rounding differs between devices, and training carries it on. */
const TOLERANCE = 1e-3
/** The whole training, on a busy machine and a GPU in software. */
const LONGEST = 150_000
const VISITS = 72
const ITEMS = 30

const test = base.extend<{ lab: StaticServer; folder: string }>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
  lab: async ({}, use) => {
    const lab = await startStaticServer({
      folders: { '/': join(ROOT, 'examples', 'lab', 'dist') },
      policy: strictPolicy([]),
    })
    await use(lab)
    await lab.close()
    expect(lab.violations).toEqual([])
  },
  // oxlint-disable-next-line no-empty-pattern -- As above.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'vitrine-training-'))
    await use(folder)
    await rm(folder, { recursive: true })
  },
})

/** Visits that mostly step to the next item: something to learn, the same every time. */
function sessionLines(): string {
  let state = 1
  const below = (n: number): number => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647
    return state % n
  }
  return Array.from({ length: VISITS }, () => {
    let item = below(ITEMS)
    const items = Array.from({ length: 3 + below(4) }, () => {
      item = below(5) > 0 ? (item + 1) % ITEMS : below(ITEMS)
      return `sku-${item}`
    })
    return `${items.join(' ')}\n`
  }).join('')
}

/** Puts `text` into the page's file input, as choosing a file would. */
async function chooseFile(visitor: Visitor, text: string): Promise<void> {
  await visitor.waitFor('the file input', () => document.querySelector('[data-testid="file"]') !== null)
  await visitor.evaluate((content) => {
    const input = document.querySelector<HTMLInputElement>('[data-testid="file"]')!
    const files = new DataTransfer()
    files.items.add(new File([content], 'sessions.txt', { type: 'text/plain' }))
    input.files = files.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
  }, text)
}

/** Keeps what the page offers for download: its policy lets no script fetch that. */
function keepOffers(visitor: Visitor): Promise<void> {
  return visitor.evaluate(() => {
    const offer = URL.createObjectURL.bind(URL)
    URL.createObjectURL = (blob) => {
      Object.assign(globalThis, { offered: blob })
      return offer(blob)
    }
  })
}

/** Trains on `backend`, and returns the losses by epoch of both parts as the page shows them. */
async function train(visitor: Visitor, backend: string): Promise<number[][]> {
  await visitor.click(`input[value="${backend}"]`)
  await visitor.click('[data-testid="start"]')
  const deadline = Date.now() + LONGEST
  let status = ''
  while (status !== 'Done.' && Date.now() < deadline) {
    status = await visitor.text('[data-testid="status"]')
    expect(status).not.toMatch(/^It failed/u)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  expect(status).toBe('Done.')
  return visitor.evaluate(() =>
    [...document.querySelectorAll<HTMLTableRowElement>('[data-testid="losses"] tbody tr')].map((row) =>
      [...row.cells].slice(1).map(({ textContent }) => Number(textContent)),
    ),
  )
}

function expectAlike(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length)
  for (const [epoch, loss] of expected.entries()) {
    expect(Math.abs(found[epoch]! / loss - 1), `epoch ${epoch + 1}`).toBeLessThan(TOLERANCE)
  }
}

test('a merchant trains in her browser with the losses of Node’s trainer, and builds a revision from it', async ({
  visitor,
  lab,
  folder,
}) => {
  test.slow()
  const at = (name: string): string => join(folder, name)
  const lines = sessionLines()
  await writeFile(at('sessions.txt'), lines)
  const vitrine = async (...args: string[]): Promise<Record<string, unknown>> => {
    const command = [
      join(ROOT, 'tools', 'bin', 'vitrine.js'),
      'train',
      '--sessions',
      at('sessions.txt'),
      '--json',
    ]
    const stdout = await mustRun(process.execPath, [...command, ...args], { output: 'keep' })
    return JSON.parse(stdout) as Record<string, unknown>
  }
  const { embeddings } = (await vitrine('--out', at('node'))) as { embeddings: { head_losses: number[] } }

  await visitor.open(`${lab.url}/train.html`)
  await chooseFile(visitor, lines)
  await keepOffers(visitor)
  const hasGpu = await visitor.evaluate(
    async () => (await (navigator as Partial<Navigator>).gpu?.requestAdapter()) !== undefined,
  )
  // WebKitGTK has no WebGPU.
  expect(hasGpu).toBe(visitor.engine !== 'webkit')
  for (const backend of hasGpu ? ['webgpu', 'wasm'] : ['wasm']) {
    const losses = await train(visitor, backend)
    expectAlike(
      losses.map(([head]) => head!),
      embeddings.head_losses,
    )
    expect(losses.at(-1)?.[1]).toBeLessThan(losses[0]![1]! - 0.5)
  }

  const packed = await visitor.evaluate(async () => {
    const { offered } = globalThis as { offered?: Blob }
    const bytes = new Uint8Array(await offered!.arrayBuffer())
    return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''))
  })
  await writeFile(at('encoder.safetensors'), Buffer.from(packed, 'base64'))
  const built = await vitrine('--encoder-weights', at('encoder.safetensors'), '--out', at('browser'))
  expectAlike((built['embeddings'] as typeof embeddings).head_losses, embeddings.head_losses)
})

test('a merchant stops a training, and hears what is wrong with a file', async ({ visitor, lab }) => {
  await visitor.open(`${lab.url}/train.html`)
  await chooseFile(visitor, sessionLines())
  await visitor.click('input[value="wasm"]')
  await visitor.click('[data-testid="start"]')
  await visitor.click('[data-testid="stop"]')
  await visitor.waitFor(
    'the end of it',
    () => document.querySelector('[data-testid="status"]')?.textContent === 'Stopped.',
  )
  await chooseFile(visitor, '{"at":1}\n')
  await visitor.click('[data-testid="start"]')
  const failed = await visitor.waitFor(
    'the reason',
    () => document.querySelector('[data-testid="status"]')?.textContent?.match(/^It failed: .*/u)?.[0],
  )
  expect(failed).toContain('Line 1 is no event')
})
