/** The device under a content security policy, in a frame that carries the policy. */
import { expect, test } from 'vitest'

interface Outcome {
  device: string
  passedOver: string[]
  indices: number[]
}

test('WASM is chosen under the policy that the documentation asks for', async () => {
  const outcome = await createUnder("'wasm-unsafe-eval'")
  expect(outcome).toEqual({ device: 'wasm', passedOver: [], indices: [2, 1] })
})

test('plain JavaScript serves, and says why, where the policy forbids WASM', async () => {
  const outcome = await createUnder('')
  expect(outcome).toEqual({
    device: 'scalar',
    passedOver: [expect.stringMatching(/Content Security Policy|CSP|unsafe-eval/i)],
    indices: [2, 1],
  })
})

async function createUnder(sources: string): Promise<Outcome> {
  // The origin by name: Firefox takes 'self' in a frame without an address for nobody.
  const policy = `script-src ${location.origin} 'unsafe-inline' ${sources}`
  const frame = document.createElement('iframe')
  const source = new URL('../src/index.ts', import.meta.url).href
  frame.srcdoc = `
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <script type="module">
      // Vitest puts this around every import() of the sources, also in a frame that it does not know.
      globalThis.__vitest_browser_runner__ = { wrapDynamicImport: (load) => load() }
      import { createTopK } from '${source}'
      const passedOver = []
      const table = { count: 3, dimension: 16, values: new Int8Array(48).fill(1), scales: Float32Array.of(1, 2, 3) }
      const topK = await createTopK(table, { onFallback: (device, reason) => passedOver.push(String(reason)) })
      const { indices } = await topK.search({ vector: new Float32Array(16).fill(1), k: 2 })
      parent.postMessage({ device: topK.device, passedOver, indices: [...indices] }, '*')
    </script>`
  const outcome = new Promise<Outcome>((resolve) => {
    addEventListener('message', function receive(event) {
      if (event.source !== frame.contentWindow) return
      removeEventListener('message', receive)
      resolve(event.data as Outcome)
    })
  })
  document.body.append(frame)
  try {
    return await outcome
  } finally {
    frame.remove()
  }
}
