/** The endpoint that the SDK's tests run against is held to what the real one is held to. */
import { endpointConformance } from '@vitrine/trials/endpoint'
import { hex } from '../src/platform.ts'
import { EndpointAnswers, inflate } from './answers.ts'

endpointConformance('the endpoint of the SDK’s tests', async () => {
  const answers = new EndpointAnswers()
  return {
    async ask(path, init) {
      const request = new Request(`https://edge.test${path}`, init)
      const { method, headers } = request
      const body = await inflate(await request.arrayBuffer(), headers)
      return answers.answer({ method, path, headers, body })
    },
    items: async () => [...answers.events.values()].map(({ item }) => item!),
    async serve(revision, artifact) {
      const sha256 = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', artifact)))
      answers.active = {
        manifest: {
          schema: 1,
          id: 'tiny',
          revision,
          createdAt: '2026-01-01T00:00:00Z',
          items: 1,
          dimension: 16,
          artifacts: [{ role: 'catalogue', sha256, bytes: artifact.length, dtype: 'json', shape: [] }],
        },
        blobs: new Map([[sha256, artifact]]),
      }
    },
  }
})
