/** Starts the worker wherever the page's origin and policy let it run, and notices when it fails or dies. */
import { VitrineError } from '@vitrine/contracts'
import { type Remote, wrap } from 'comlink'
import type { WorkerHost } from '../diagnostics.ts'
import { VERSION } from '../version.ts'
import { receiveErrors } from './errors.ts'
import type { Greeting, WorkerApi } from './protocol.ts'

/** A worker that loads but never greets is some other script. */
const GREETING_TIMEOUT_MS = 30_000
/** While calls wait, a sign of life is asked for this often … */
const PING_MS = 2000
/** … and after this many without any answer the worker counts as dead. A frozen tab misses none: its timers stand still too. */
const MISSED_PINGS = 5

/** The worker as the client sees it. */
export interface Connection {
  host: WorkerHost
  url: string
  why: string[]
  version: string
  /** Sends one call and settles, whatever happens to the worker. */
  call<T>(send: (remote: Remote<WorkerApi>) => Promise<T>): Promise<T>
  /** Settles with {@link SpawnOptions.open}. */
  opened: Promise<void>
  /** Ends the worker; calls that wait reject with `reason`. */
  close(reason: Error): void
}

/** What {@link spawn} may be told. */
export interface SpawnOptions {
  /** Absolute URL of the worker file. */
  url: string
  /** The first call. It is sent together with the script's request and waits there: no way back and forth is lost. */
  open?: (remote: Remote<WorkerApi>) => Promise<void>
  signal?: AbortSignal | undefined
  greetingTimeoutMs?: number
  pingMs?: number
}

/** A place where the worker could run: starts it there and returns how to talk to it and how to end it. */
type Start = (options: SpawnOptions) => Promise<Started>

interface Started {
  endpoint: Worker | MessagePort
  /** Version of the script, once it runs. */
  greeting: Promise<string>
  end: () => void
}

/**
 * Starts the worker file: as a worker when it is of the page's own origin; else as a `blob:` worker that
 * imports it, or, where the page's policy forbids that, on the main thread.
 *
 * @throws `VitrineError('WORKER_FAILED')` saying why each place failed; the signal's reason when aborted.
 */
export async function spawn(options: SpawnOptions): Promise<Connection> {
  const { url, open, signal, pingMs = PING_MS } = options
  const places: [WorkerHost, Start][] =
    new URL(url).origin === location.origin
      ? [['worker', startWorker]]
      : [
          ['blob-worker', startBlobWorker],
          ['main-thread', startHere],
        ]
  receiveErrors()
  const why: string[] = []
  for (const [host, start] of places) {
    signal?.throwIfAborted()
    try {
      const { endpoint, greeting, end } = await start(options)
      const remote = wrap<WorkerApi>(endpoint)
      const opening = open?.(remote)
      opening?.catch(() => {
        // Whoever waits for `opened` hears of it; nobody does where the script is not ours.
      })
      const version = await greeting
      if (version !== VERSION) {
        end()
        throw new Error(
          `it is version ${version}, the page's entry is ${VERSION}: serve both from one release`,
        )
      }
      const watched = watch(remote, endpoint, { end, pingMs })
      const opened = watched.call(async () => opening)
      return { host, url, why, version, opened, ...watched }
    } catch (error) {
      signal?.throwIfAborted()
      why.push(`${host}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new VitrineError(
    'WORKER_FAILED',
    `${url} did not start (${why.join('; ')}); serve worker.js of this release with a JavaScript MIME type, and allow it in the page's worker-src`,
  )
}

async function startWorker({ url, signal, greetingTimeoutMs }: SpawnOptions): Promise<Started> {
  return started(url, signal, greetingTimeoutMs)
}

function started(url: string, signal: AbortSignal | undefined, timeoutMs: number | undefined): Started {
  const worker = new Worker(trusted(url), { type: 'module' })
  return { endpoint: worker, greeting: greeted(worker, signal, timeoutMs), end: () => worker.terminate() }
}

async function startBlobWorker({ url, signal, greetingTimeoutMs }: SpawnOptions): Promise<Started> {
  const source = new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' })
  const blobUrl = URL.createObjectURL(source)
  const start = started(blobUrl, signal, greetingTimeoutMs)
  const revoke = (): void => URL.revokeObjectURL(blobUrl)
  start.greeting.then(revoke, revoke)
  return start
}

/** On the main thread each call is a task of its own, so that the page's input comes in between. */
async function startHere({ url }: SpawnOptions): Promise<Started> {
  const { serve, VERSION } = (await import(/* @vite-ignore */ url)) as {
    serve: (port: MessagePort) => () => Promise<void>
    VERSION: string
  }
  const { port1, port2 } = new MessageChannel()
  const dispose = serve(port2)
  const end = (): void => {
    port1.close()
    port2.close()
    void dispose()
  }
  return { endpoint: port1, greeting: Promise.resolve(VERSION), end }
}

/** Resolves with the worker's version when it has greeted. comlink alone would wait for ever for one that failed to load. */
function greeted(
  worker: Worker,
  signal: AbortSignal | undefined,
  timeoutMs = GREETING_TIMEOUT_MS,
): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined
  return new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(why))
    timer = setTimeout(fail, timeoutMs, `no greeting within ${timeoutMs} ms; is this worker.js of Vitrine?`)
    signal?.addEventListener('abort', () => fail('aborted'))
    // A script that did not load has an event without a message.
    worker.addEventListener('error', ({ message }) =>
      fail(message || 'the script did not load, or the page’s policy forbids it'),
    )
    worker.addEventListener('message', ({ data }: MessageEvent<Partial<Greeting> | undefined>) => {
      if (data?.vitrine !== undefined) resolve(data.vitrine)
    })
  })
    .catch((error: unknown) => {
      worker.terminate()
      throw error
    })
    .finally(() => clearTimeout(timer))
}

/** Makes calls that settle: with their answer, when the worker falls silent, or when the connection is closed. */
function watch(
  remote: Remote<WorkerApi>,
  endpoint: Worker | MessagePort,
  { end, pingMs }: { end: () => void; pingMs: number },
): Pick<Connection, 'call' | 'close'> {
  const waiting = new Set<(reason: Error) => void>()
  let closed: Error | undefined
  let missed = 0
  let timer: ReturnType<typeof setInterval> | undefined

  const close = (reason: Error): void => {
    if (closed) return
    closed = reason
    clearInterval(timer)
    end()
    for (const reject of waiting) reject(reason)
    waiting.clear()
  }
  const ping = (): void => {
    if (waiting.size === 0) {
      clearInterval(timer)
      timer = undefined
    } else if (missed++ >= MISSED_PINGS) {
      const seconds = (MISSED_PINGS * pingMs) / 1000
      close(
        new VitrineError(
          'WORKER_FAILED',
          `the worker fell silent for ${seconds} s; create a new recommender`,
        ),
      )
    } else void remote.ping()
  }
  endpoint.addEventListener('message', () => (missed = 0))

  return {
    close,
    call: (send) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(closed)
          return
        }
        waiting.add(reject)
        if (timer === undefined) {
          missed = 0
          timer = setInterval(ping, pingMs)
        }
        send(remote)
          .then(resolve, reject)
          .finally(() => waiting.delete(reject))
      }),
  }
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string | URL }
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** A page with `require-trusted-types-for 'script'` starts no worker from a plain string; its CSP names the policy `vitrine`. */
function trusted(url: string): string | URL {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes }
  policy ??= trustedTypes?.createPolicy('vitrine', { createScriptURL: (url) => url })
  return policy?.createScriptURL(url) ?? url
}
