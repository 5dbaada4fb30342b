/** WebKitGTK's WebDriver on a virtual screen of its own: started, and stopped with everything it started. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

const START_TIMEOUT = 15_000

/** @returns {Promise<number>} a TCP port that is free now */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<void>} */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
  await gone
  clearTimeout(timer)
}

/** @param {string} screen path of Xvfb @returns {Promise<{ child: import('node:child_process').ChildProcess, display: string }>} */
function startScreen(screen) {
  return new Promise((resolve, reject) => {
    // Xvfb itself picks a free display and writes its number to file descriptor 3.
    const args = ['-displayfd', '3', '-screen', '0', '1440x1200x24', '-nolisten', 'tcp']
    const child = spawn(screen, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Xvfb ended with code ${code} before it had a display.`)))
    child.stdio[3]?.once('data', (number) => resolve({ child, display: `:${String(number).trim()}` }))
  })
}

/** @param {number} port @returns {Promise<void>} when WebKitWebDriver answers */
async function untilReady(port) {
  const deadline = Date.now() + START_TIMEOUT
  for (;;) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/status`)
      if (answer.ok) return
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`WebKitWebDriver did not answer within ${START_TIMEOUT} ms.`, { cause: error })
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/**
 * Starts Xvfb and WebKitWebDriver. One session at a time; `close` stops both programs.
 *
 * @param {Extract<import('./browsers.js').Browser, { by: 'webdriver' }>} browser
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
export async function startWebKitDriver(browser) {
  const { child: screen, display } = await startScreen(browser.screen)
  const port = await freePort()
  const driver = spawn(browser.driver, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    // Wayland would win over the virtual screen; no GPU is there to composite on.
    env: {
      ...process.env,
      DISPLAY: display,
      WAYLAND_DISPLAY: '',
      GDK_BACKEND: 'x11',
      LIBGL_ALWAYS_SOFTWARE: '1',
    },
  })
  const close = async () => {
    await stop(driver)
    await stop(screen)
  }
  try {
    await untilReady(port)
  } catch (error) {
    await close()
    throw error
  }
  return { port, close }
}

/**
 * What a WebDriver client asks for to get MiniBrowser.
 *
 * @param {Extract<import('./browsers.js').Browser, { by: 'webdriver' }>} browser
 * @returns {{ browserName: string, 'webkitgtk:browserOptions': { binary: string, args: string[] } }}
 */
export function webKitCapabilities(browser) {
  return {
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: browser.browser, args: ['--automation'] },
  }
}
