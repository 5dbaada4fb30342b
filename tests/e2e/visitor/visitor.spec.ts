/** The visitor itself: each engine is driven the same way. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '../test.ts'

const PAGE = `<!doctype html><title>A page</title>
<button onclick="this.textContent = event.isTrusted ? 'clicked' : 'scripted'">press</button>
<x-box></x-box>
<script>
  const root = document.querySelector('x-box').attachShadow({ mode: 'open' })
  root.innerHTML = '<p style="margin-top: 3000px">deep</p>'
  root.querySelector('p').onclick = (event) => { event.target.textContent = 'reached' }
</script>`

test('drives a page: clicks like a person, reaches into shadow roots, waits, reloads, starts empty', async ({
  visitor,
}) => {
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(PAGE))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    await visitor.open(url)
    await visitor.click('button')
    expect(await visitor.text('button')).toBe('clicked')
    await visitor.click('p')
    expect(await visitor.text('p')).toBe('reached')

    expect(await visitor.evaluate((by) => Promise.resolve([by + 1, document.title]), 2)).toEqual([
      3,
      'A page',
    ])
    await expect(visitor.evaluate(() => Promise.reject(new TypeError('no such thing')))).rejects.toThrow(
      /no such thing/u,
    )

    expect(await visitor.evaluate(() => localStorage.length)).toBe(0)
    await visitor.evaluate(() => {
      localStorage.setItem('a', 'b')
      setTimeout(() => (document.title = 'Later'), 200)
    })
    expect(await visitor.waitFor('the title', () => document.title === 'Later' && document.title)).toBe(
      'Later',
    )
    await visitor.reload()
    expect(await visitor.text('button')).toBe('press')
    expect(await visitor.evaluate(() => localStorage.getItem('a'))).toBe('b')
    expect((await visitor.screenshot()).subarray(1, 4).toString()).toBe('PNG')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
