/** An endpoint inside the page: what `fetch` is to the code under test. It keeps every request it saw. */
import { type BehaviorEvent, parseEraseRequest, parseEventBatch } from '@vitrine/contracts'
import type { BuiltRevision } from './revision.ts'

/** A request as the endpoint saw it. */
export interface SeenRequest {
  method: string
  path: string
  search: string
  authorization: string | null
  range: string | null
  body: Uint8Array<ArrayBuffer>
}

/** Answers in place of the endpoint, or returns undefined to let it answer. */
export type Fault = (request: SeenRequest) => Response | Promise<Response> | undefined

/** An endpoint that serves one model and stores events by `(device, epoch, seq)`. */
export class PageEndpoint {
  readonly url = 'https://edge.shop.example'
  readonly requests: SeenRequest[] = []
  /** Keyed `device/epoch/seq`. */
  readonly events: Map<string, BehaviorEvent> = new Map()
  readonly erased: string[] = []
  revision: BuiltRevision | undefined
  /** Gzipped deltas by `<hash of the old artifact>/<hash of the new one>`. */
  readonly deltas: Map<string, Uint8Array<ArrayBuffer>> = new Map()
  fault: Fault = () => undefined

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const seen: SeenRequest = {
      method: request.method,
      path: new URL(request.url).pathname,
      search: new URL(request.url).search,
      authorization: request.headers.get('authorization'),
      range: request.headers.get('range'),
      body: await bodyOf(request),
    }
    this.requests.push(seen)
    init?.signal?.throwIfAborted()
    const answer = await (this.fault(seen) ?? this.#answer(seen, request))
    init?.signal?.throwIfAborted()
    return answer
  }

  /** Requests so far to paths that start with `path`. */
  count(path: string): number {
    return this.requests.filter((request) => request.path.startsWith(path)).length
  }

  /** What the endpoint answers without a fault. */
  answer(seen: SeenRequest): Response {
    return this.#answer(seen, undefined)
  }

  #answer({ method, path, body }: SeenRequest, request: Request | undefined): Response {
    const route = `${method} ${path}`
    if (route === 'POST /v1/events') return this.#store(JSON.parse(new TextDecoder().decode(body)))
    if (route === 'POST /v1/erase') {
      const { device } = parseEraseRequest(JSON.parse(new TextDecoder().decode(body)))
      for (const key of this.events.keys()) if (key.startsWith(device)) this.events.delete(key)
      this.erased.push(device)
      return Response.json({})
    }
    if (route === 'GET /v1/models/tiny/manifest' && this.revision) {
      const etag = `"${this.revision.manifest.revision}"`
      if (request?.headers.get('if-none-match') === etag) return new Response(null, { status: 304 })
      return Response.json(this.revision.manifest, { headers: { etag } })
    }
    const blob = path.startsWith('/v1/artifacts/') && this.revision?.blobs.get(path.slice(14))
    if (blob) return partOf(blob, request?.headers.get('range'))
    const delta = path.startsWith('/v1/deltas/') && this.deltas.get(path.slice(11))
    if (delta) return new Response(delta)
    return Response.json({ error: { code: 'NOT_FOUND', message: 'nothing here' } }, { status: 404 })
  }

  #store(json: unknown): Response {
    const { device, epoch, firstSeq, events } = parseEventBatch(json)
    for (const event of events) {
      const key = `${device}/${epoch}/${event.seq}`
      if (!this.events.has(key)) this.events.set(key, event)
    }
    return Response.json({
      ackedThrough: firstSeq + events.length - 1,
      models: this.revision ? { tiny: this.revision.manifest.revision } : {},
      serverTime: 0,
    })
  }
}

/** Answers with the part that `range` (`bytes=N-`) asks for. */
function partOf(blob: Uint8Array<ArrayBuffer>, range: string | null | undefined): Response {
  if (!range) return new Response(blob)
  const first = Number(/^bytes=(\d+)-$/u.exec(range)![1])
  if (first >= blob.length) return new Response(null, { status: 416 })
  const headers = { 'content-range': `bytes ${first}-${blob.length - 1}/${blob.length}` }
  return new Response(blob.slice(first), { status: 206, headers })
}

async function bodyOf(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await request.arrayBuffer()
  if (request.headers.get('content-encoding') !== 'gzip') return new Uint8Array(bytes)
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(inflated).arrayBuffer())
}
