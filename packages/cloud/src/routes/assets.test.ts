import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Endpoint, startEndpoint } from '../../test/endpoint.ts'
import { openAssetFolder } from '../assets/folder.ts'

const SCRIPT = `console.log(${JSON.stringify('vitrine '.repeat(200))})`

describe('GET /widget/*', () => {
  let endpoint: Endpoint
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vitrine-assets-'))
    await mkdir(join(folder, 'public', 'parts'), { recursive: true })
    await writeFile(join(folder, 'secret.js'), 'secret')
    await writeFile(join(folder, 'public', 'widget.js'), SCRIPT)
    await writeFile(join(folder, 'public', 'parts', 'worker.js'), 'self.x = 1')
    await writeFile(join(folder, 'public', 'notes.txt'), 'not for pages')
    await writeFile(join(folder, 'public', '.hidden.js'), 'not for pages')
    endpoint = await startEndpoint({ assets: openAssetFolder(join(folder, 'public')) })
  })
  afterEach(async () => {
    await endpoint.stop()
    await rm(folder, { recursive: true })
  })

  it('gives scripts to pages of any origin, isolated ones included', async () => {
    const response = await endpoint.ask('/widget/widget.js', { headers: { Origin: 'https://any.example' } })
    expect([response.status, await response.text()]).toEqual([200, SCRIPT])
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'content-type': 'text/javascript; charset=utf-8',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    })
    expect(response.headers.get('content-security-policy')).toBeNull()
    expect(await endpoint.outcome('/widget/parts/worker.js')).toBe('200')
  })

  it('sends them compressed, answers 304, and sees a new version at once', async () => {
    const headers = { 'Accept-Encoding': 'br' }
    const first = await endpoint.ask('/widget/widget.js', { headers })
    expect(brotliDecompressSync(Buffer.from(await first.arrayBuffer())).toString()).toBe(SCRIPT)
    const etag = first.headers.get('etag')!
    const condition = { headers: { ...headers, 'If-None-Match': etag } }
    expect((await endpoint.ask('/widget/widget.js', condition)).status).toBe(304)
    await writeFile(join(folder, 'public', 'widget.js'), 'a new release')
    const next = await endpoint.ask('/widget/widget.js', condition)
    expect([next.status, await next.text()]).toEqual([200, 'a new release'])
    await rm(join(folder, 'public', 'widget.js'))
    expect(await endpoint.outcome('/widget/widget.js')).toBe('404 NOT_FOUND')
  })

  it.each([
    '/widget/',
    '/widget',
    '/widget/parts',
    '/widget/none.js',
    '/widget/widget.js/more.js',
    '/widget/notes.txt',
    '/widget/.hidden.js',
    '/widget/../secret.js',
    '/widget/..%2fsecret.js',
    '/widget/%2e%2e/secret.js',
    '/widget/%2e%2e%2fsecret.js',
    '/widget/..%5csecret.js',
    '/widget/parts/..%2f..%2fsecret.js',
    '/widget//etc/passwd.js',
    '/widget/widget.js%00.js',
  ])('has nothing at %s', async (path) => {
    expect(await endpoint.outcome(path)).toBe('404 NOT_FOUND')
  })
})
