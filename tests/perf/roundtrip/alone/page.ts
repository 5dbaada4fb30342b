/** In the page: starts the worker and hands on what it found. */

/** What the worker answers. */
type Answer = { times?: number[]; error?: string }

declare global {
  interface Window {
    timed?: Promise<number[]>
  }
}

window.timed = new Promise((resolve, reject) => {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    if (data.times) resolve(data.times)
    else reject(new Error(data.error))
  })
  worker.addEventListener('error', ({ message }) => reject(new Error(message)))
})
