/** Shelves of one page, searched together, in real browsers: their calls come one a message. */
import { type Query, type Table, type TopK, createTopK } from '@vitrine/kernels'
import { expect, onTestFinished, test } from 'vitest'
import { DIMENSION, queries, randomTable } from '../../test/placement-table.ts'
import { type HostedTopK, hostTopK } from './hosted.ts'

const large = randomTable(2 ** 22 / DIMENSION)

/** A hosted table, and how many queries each pass over it had. */
async function host(table: Table): Promise<{ hosted: HostedTopK; home: TopK; passes: number[] }> {
  const home = await createTopK(table)
  const hosted = hostTopK(home)
  const passes: number[] = []
  hosted.keeper = {
    device: home.device,
    search: (query) => hosted.keeper.searchMany([query]).then(([result]) => result!),
    searchMany(together) {
      passes.push(together.length)
      return home.searchMany(together)
    },
    dispose: () => home.dispose(),
  }
  return { hosted, home, passes }
}

test('searches that come at once go over a large table in one pass, and find what each finds alone', async () => {
  const { hosted, home, passes } = await host(large)
  const alone: unknown[] = []
  for (const query of queries) alone.push(await home.search(query))
  expect(await Promise.all(queries.map((query) => hosted.search(query)))).toEqual(alone)
  expect(passes).toEqual([queries.length])
  for (const [at, query] of queries.entries()) expect(await hosted.search(query)).toEqual(alone[at])
  expect(passes).toEqual([queries.length, ...queries.map(() => 1)])
  hosted.dispose()
})

// Seen to fail with a microtask in place of the message: then each search is a pass.
test('calls of a page come one a message, and share passes all the same', async () => {
  const { hosted, home, passes } = await host(large)
  const alone = await home.searchMany(queries)
  const page = new Worker(
    URL.createObjectURL(
      new Blob([`onmessage = ({ data }) => { for (let at = 0; at < data; at++) postMessage(at) }`]),
    ),
  )
  onTestFinished(() => page.terminate())
  for (let visit = 0; visit < 20; visit++) {
    const answers: Promise<unknown>[] = []
    await new Promise<void>((resolve) => {
      const onCall = ({ data }: MessageEvent<number>): void => {
        answers.push(hosted.search(queries[data]!))
        if (answers.length < queries.length) return
        page.removeEventListener('message', onCall)
        resolve()
      }
      page.addEventListener('message', onCall)
      page.postMessage(queries.length)
    })
    expect(await Promise.all(answers)).toEqual(alone)
  }
  // How many of them are there already when the first is read is the browser's to say.
  expect(passes.length).toBeLessThan(20 * queries.length * 0.8)
  hosted.dispose()
})

test('a small table is searched at once', async () => {
  const { hosted, passes } = await host(randomTable(1000))
  await Promise.all(queries.map((query) => hosted.search(query)))
  expect(passes).toEqual(queries.map(() => 1))
  hosted.dispose()
})

test('a bad query fails alone', async () => {
  const { hosted, home } = await host(large)
  const bad: Query = { ...queries[0]!, k: -1 }
  const asked = [queries[0]!, bad, queries[1]!]
  const settled = await Promise.allSettled(asked.map((query) => hosted.search(query)))
  expect(settled[1]).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) as RangeError })
  for (const at of [0, 2]) {
    expect(settled[at]).toEqual({ status: 'fulfilled', value: await home.search(asked[at]!) })
  }
  hosted.dispose()
})

test('searches that wait when the table goes are refused, each', async () => {
  const { hosted } = await host(large)
  const settled = Promise.allSettled(queries.map((query) => hosted.search(query)))
  hosted.dispose()
  for (const { status } of await settled) expect(status).toBe('rejected')
})
