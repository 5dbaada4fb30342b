/**
 * Keeps the shop's shell (pages, scripts, products, fonts) for visits without a network. Recommendations need
 * nothing from here: the SDK keeps model and behaviour in IndexedDB. Requests to the endpoint pass through.
 */
/** Written by build/service-worker.ts. */
declare const SHELL_FILES: readonly string[]
declare const SHELL_VERSION: string

/** A page's types know a worker only in general. */
const worker: ServiceWorkerGlobalScope = self as unknown as ServiceWorkerGlobalScope
const CACHE: string = `shop-shell-${SHELL_VERSION}`
const SHELL: ReadonlySet<string> = new Set(SHELL_FILES)
const PAGE: string = '/index.html'
const CONFIG: string = '/config.json'
/** How long a page waits for a slow network before it takes what is kept, in ms. */
const PATIENCE: number = 3000

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell())
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldShells().then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== worker.location.origin) return
  if (request.mode === 'navigate') event.respondWith(freshElseKept(request, PAGE))
  else if (pathname === CONFIG) event.respondWith(freshElseKept(request, CONFIG))
  else if (SHELL.has(pathname)) event.respondWith(keptElseFresh(request, pathname))
})

async function keepShell(): Promise<void> {
  const cache = await caches.open(CACHE)
  // Past the HTTP cache: a shell of two versions would not start.
  await cache.addAll([...SHELL, CONFIG].map((path) => new Request(path, { cache: 'reload' })))
}

async function dropOldShells(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(
    names
      .filter((name) => name.startsWith('shop-shell-') && name !== CACHE)
      .map((name) => caches.delete(name)),
  )
}

async function keptElseFresh(request: Request, path: string): Promise<Response> {
  return (await (await caches.open(CACHE)).match(path)) ?? fetch(request)
}

/** Online the newest page, so that a new release shows at once; else the one that belongs to this shell. */
async function freshElseKept(request: Request, path: string): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(path)
  if (!kept) return fetch(request)
  const fresh = fetch(request).then((response) => (response.ok ? response : kept))
  const patience = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), PATIENCE))
  return Promise.race([fresh.catch(() => kept), patience])
}
