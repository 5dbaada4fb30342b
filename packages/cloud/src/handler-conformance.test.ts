/** The endpoint keeps what the SDK's tests take for granted of it: one suite for both. */
import { endpointConformance } from '@vitrine/trials/endpoint'
import { onTestFinished } from 'vitest'
import { manifestOf, startEndpoint } from '../test/endpoint.ts'

endpointConformance('the endpoint', async () => {
  const endpoint = await startEndpoint()
  const { a: key, aSecret } = endpoint.keys
  onTestFinished(() => endpoint.stop())
  const put = async (path: string, ask: object): Promise<void> => {
    const response = await endpoint.ask(path, { method: 'PUT', key: aSecret, ...ask })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  return {
    ask: async (path, { method, headers, body } = {}) =>
      endpoint.ask(path, {
        ...(method !== undefined && { method }),
        ...(body !== undefined && body !== null && { body }),
        headers: { ...(headers as Record<string, string>) },
        key,
      }),
    items: async () =>
      (await endpoint.store.readEvents('a', { limit: 1000 })).map(({ item }) => String(item)),
    async serve(revision, artifact) {
      const manifest = manifestOf(artifact, { id: 'tiny', revision })
      await put(`/v1/artifacts/${manifest.artifacts[0]!.sha256}`, { body: artifact })
      await put('/v1/models/tiny/manifest', { json: manifest })
    },
  }
})
