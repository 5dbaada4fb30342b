/** What the worker of a watched visit tells of itself, from in front of its own script. */

/** A moment in the worker; `at` in Unix milliseconds. */
export interface Mark {
  name: string
  at: number
}

/** The channel that marks are told on. */
export const MARKS = 'startup-marks'

/** Script that goes in front of the worker's own, which stays as it is and is measured without this. */
export function markingScript(): string {
  return `(${markWorker.toString()})(${JSON.stringify(MARKS)});\n`
}

/** Runs in the worker: tells when it does what takes time. */
function markWorker(channelName: string): void {
  const channel = new BroadcastChannel(channelName)
  const mark = (name: string): void =>
    channel.postMessage({ name, at: performance.timeOrigin + performance.now() } satisfies Mark)
  mark('worker runs')

  const open = indexedDB.open.bind(indexedDB)
  indexedDB.open = (...parameters) => {
    const request = open(...parameters)
    request.addEventListener('success', () => mark('database open'))
    return request
  }
  const { subtle } = crypto
  const digest = subtle.digest.bind(subtle)
  subtle.digest = async (...parameters) => {
    mark('artifact there')
    const hash = await digest(...parameters)
    mark('artifact verified')
    return hash
  }
  const { compile } = WebAssembly
  WebAssembly.compile = async (source) => {
    const module = await compile(source)
    mark('kernel compiled')
    return module
  }
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, parameters: [WebAssembly.Module, WebAssembly.Imports]) {
      const instance = new target(...parameters)
      mark('kernel instance')
      return instance
    },
  })
}
