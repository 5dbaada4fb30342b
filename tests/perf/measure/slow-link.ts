/**
 * A slow line between browser and servers: a TCP proxy with a round-trip time, whose connections share one bandwidth.
 * Throttling in the browser (CDP) counts page and worker apart; a line does not.
 */
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** The line. */
export interface SlowLine {
  /** As the report names it. */
  name: string
  /** Opens the way to one server; `url` is where the browser finds it. */
  to(target: string): Promise<Way>
}

/** One server behind the line. */
export interface Way {
  /** Without a slash at the end. */
  url: string
  /** Bytes that came to the browser so far, headers included. */
  received(): number
  close(): Promise<void>
}

/** What is sent in one piece, so that connections take turns. */
const PIECE = 4096

/** Lighthouse's mobile line unless told otherwise. TCP's slow start is left out, which favours large files. */
export function slowLine({ bitsPerSecond = 1.6e6, roundTripMs = 150 } = {}): SlowLine {
  const bytesPerMs = bitsPerSecond / 8000
  let free = 0

  async function down(server: Socket, browser: Socket, count: (bytes: number) => void): Promise<void> {
    for await (const chunk of server as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE)
        free = Math.max(free, performance.now()) + piece.length / bytesPerMs
        await sleep(Math.max(0, free - performance.now()))
        count(piece.length)
        setTimeout(() => browser.writable && browser.write(piece), roundTripMs / 2)
      }
    }
    setTimeout(() => browser.end(), roundTripMs / 2)
  }

  return {
    name: `${bitsPerSecond / 1e6} Mbit/s and ${roundTripMs} ms round trip`,
    async to(target) {
      const { hostname, port } = new URL(target)
      const open = new Set<Socket>()
      let received = 0
      const listener = createServer((browser) => {
        const server = connect(Number(port), hostname)
        for (const socket of [browser, server]) {
          open.add(socket)
          socket.on('close', () => open.delete(socket))
          // Either side may leave at any time, and takes the other with it.
          socket.on('error', () => {
            browser.destroy()
            server.destroy()
          })
        }
        browser.on('close', () => server.destroy())
        // The first packet waits for the handshake, which is a round trip of its own.
        let wait = roundTripMs
        browser.on('data', (chunk) => {
          setTimeout(() => server.writable && server.write(chunk), wait + roundTripMs / 2)
          wait = 0
        })
        down(server, browser, (bytes) => (received += bytes)).catch(() => browser.destroy())
      })
      await new Promise<void>((resolve, reject) => {
        listener.once('error', reject)
        listener.listen(0, '127.0.0.1', resolve)
      })
      return {
        url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
        received: () => received,
        close: () =>
          new Promise((resolve) => {
            listener.close(() => resolve())
            for (const socket of open) socket.destroy()
          }),
      }
    },
  }
}
