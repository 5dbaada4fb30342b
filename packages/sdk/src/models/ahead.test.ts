import { describe, expect, it } from 'vitest'
import { takeAhead } from './ahead.ts'

const MANIFEST = 'https://edge.example/v1/models/tiny/manifest'
const AHEAD = `${MANIFEST}?key=pk_test`

/** A `fetch` that answers each address with its status, and what was asked of it. */
function createFetch(status: (url: string) => number): { fetch: typeof globalThis.fetch; asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    fetch: async (input) => {
      const url = input as string
      asked.push(url)
      return new Response(null, { status: status(url) })
    },
  }
}

describe('what the page asked for ahead', () => {
  it('is taken by the first request for the manifest, and by that one alone', async () => {
    const { fetch, asked } = createFetch(() => 200)
    const ahead = takeAhead(fetch, AHEAD)
    await ahead('https://edge.example/v1/events')
    await ahead(`${MANIFEST}?device=d`)
    await ahead(MANIFEST)
    expect(asked).toEqual(['https://edge.example/v1/events', AHEAD, MANIFEST])
  })

  it('is left alone by a device that has a manifest: it asks whether that is still the newest', async () => {
    const { fetch, asked } = createFetch(() => 304)
    await takeAhead(fetch, AHEAD)(MANIFEST, { headers: { 'if-none-match': '"a"' } })
    expect(asked).toEqual([MANIFEST])
  })

  it('is asked for in the usual way where an endpoint knows no keys in addresses', async () => {
    const { fetch, asked } = createFetch((url) => (url === AHEAD ? 401 : 200))
    const response = await takeAhead(fetch, AHEAD)(MANIFEST)
    expect(response.status).toBe(200)
    expect(asked).toEqual([AHEAD, MANIFEST])
  })
})
