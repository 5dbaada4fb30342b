/** A client that keeps some connections busy for a while, and what the server spent meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One request, ready to be sent. */
export interface Shot {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: Buffer
  /** Status that it must be answered with. */
  status: number
}

/** A server under load. */
export interface Target {
  name: string
  url: string
  process: ChildProcess
}

/** What a while of load came to. */
export interface Sample {
  requests: number
  /** Of wall time. */
  seconds: number
  /** CPU time of the server, all its threads together. */
  cpuMs: number
  /** Milliseconds of each request. */
  latencies: number[]
}

/** Starts `server.js`. */
export async function startTarget(name: string, ...args: string[]): Promise<Target> {
  const server = spawn(process.execPath, [fileURLToPath(new URL('server.js', import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  for await (const url of createInterface(server.stdout!)) return { name, url, process: server }
  throw new Error(`Server ${name} ended before it listened.`)
}

/**
 * Each connection sends its own shots, one after the other, until the time is over.
 *
 * @param shotsOf - the shots of one connection; asked anew for each, and for as many as are sent
 */
export async function shoot(
  target: Target,
  {
    connections,
    ms,
    shotsOf,
  }: { connections: number; ms: number; shotsOf: (connection: number) => () => Shot },
): Promise<Sample> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const latencies: number[] = []
  const before = await cpuMsOf(target)
  const begin = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      const next = shotsOf(connection)
      for (;;) {
        const shot = next()
        const sent = performance.now()
        if (sent >= begin + ms) return
        await fire(target.url, shot, agent)
        latencies.push(performance.now() - sent)
      }
    }),
  )
  const seconds = (performance.now() - begin) / 1000
  const cpuMs = (await cpuMsOf(target)) - before
  agent.destroy()
  return { requests: latencies.length, seconds, cpuMs, latencies }
}

async function cpuMsOf({ process: server }: Target): Promise<number> {
  server.send('cpu')
  const [usage] = (await once(server, 'message')) as [NodeJS.CpuUsage]
  return (usage.user + usage.system) / 1000
}

function fire(url: string, { method, path, headers, body, status }: Shot, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method, agent, headers }, (response) => {
      response.resume()
      response.on('end', () => {
        if (response.statusCode === status) resolve()
        else reject(new Error(`${method} ${path} was answered with ${response.statusCode}.`))
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
