/** Starting the worker: what happens when it does not load, is another one, or dies. */
import { expect, test } from 'vitest'
import { VERSION } from '../version.ts'
import { spawn } from './spawn.ts'

/** A worker file with this text, of the page's own origin. */
function script(text: string): string {
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
}

const workerUrl = new URL('../worker.js', import.meta.url).href
const refused = (message: string) => ({
  code: 'WORKER_FAILED',
  message: expect.stringContaining(message) as string,
})

// Seen to fail (by timeout) with the listener of the worker's error event taken out.
test('a worker file that is not there fails at once and says so', async () => {
  await expect(spawn({ url: `${location.origin}/nowhere/worker.js` })).rejects.toMatchObject(
    refused('did not load'),
  )
})

test('a worker that throws while it starts fails with its message', async () => {
  await expect(spawn({ url: script('throw new Error("broken build")') })).rejects.toMatchObject(
    refused('broken build'),
  )
})

test('some other script is not mistaken for the worker', async () => {
  const url = script('postMessage("hello")')
  await expect(spawn({ url, greetingTimeoutMs: 200 })).rejects.toMatchObject(
    refused('no greeting within 200 ms'),
  )
})

// Seen to fail with the comparison of versions taken out.
test('a worker of another version is refused, and both versions are named', async () => {
  const url = script('postMessage({ vitrine: "9.9.9" })')
  await expect(spawn({ url })).rejects.toMatchObject(refused(`version 9.9.9, the page's entry is ${VERSION}`))
})

test('an aborted start rejects with the signal’s reason', async () => {
  const controller = new AbortController()
  const started = spawn({ url: script(''), signal: controller.signal })
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(started).rejects.toBe(reason)
})

// Seen to fail (by timeout) with the watch for a sign of life taken out.
test('a worker that dies leaves no call waiting', async () => {
  // It greets like ours and then falls silent, as a worker does that the browser ended.
  const url = script(`postMessage({ vitrine: "${VERSION}" }); close()`)
  const connection = await spawn({ url, pingMs: 20 })
  await expect(connection.call((remote) => remote.ready())).rejects.toMatchObject(refused('fell silent'))
  await expect(connection.call((remote) => remote.ready())).rejects.toMatchObject(refused('fell silent'))
})

test('a call that takes longer than the watch’s patience is not given up while the worker answers', async () => {
  const connection = await spawn({ url: workerUrl, pingMs: 10 })
  // `ready` of a worker that is not open rejects at once; a listener that is slow makes `open` wait.
  const slow = connection.call(async (remote) => {
    await new Promise((resolve) => setTimeout(resolve, 300))
    return remote.ping()
  })
  await expect(slow).resolves.toBeUndefined()
  connection.close(new Error('done'))
})
